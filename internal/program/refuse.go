package program

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// refuse refuses a draft that can't hold beside what is published: one that
// speaks of what there is not (any more), or by which programmes would depend
// on each other in a circle.
func (s *Store) refuse(ctx context.Context, p *Program) error {
	published, err := s.alone(ctx)
	if err != nil {
		return err
	}
	lengths, err := s.minutes(ctx)
	if err != nil {
		return err
	}
	if wrong := p.Draft.unknown(lengths, published); len(wrong) > 0 {
		return fault.InvalidFields(wrong)
	}
	return p.refuseCircle(published)
}

// alone reads what is published. Publishing and closing happen one at a time,
// so that two drafts can't make a circle together.
func (s *Store) alone(ctx context.Context) ([]*Terms, error) {
	if _, err := s.db.NewRaw("SELECT pg_advisory_xact_lock(?)", evaluateLock+1).Exec(ctx); err != nil {
		return nil, postgres.Wrap(err, "publish one at a time")
	}
	return s.terms(ctx)
}

// unknown finds fields that speak of courses or programmes that there are not:
// nobody could complete it, or nobody would belong to it.
func (d *Definition) unknown(lengths map[uuid.UUID]int, published []*Terms) map[string]string {
	wrong := map[string]string{}
	look := func(field string, ref Ref) {
		_, course := lengths[*cmp.Or(ref.Course, &uuid.Nil)]
		if !course && !slices.ContainsFunc(published, func(t *Terms) bool { return ref.Program != nil && t.ID == *ref.Program }) {
			wrong[field] = "program.choice_wrong"
		}
	}
	for _, course := range d.Courses {
		look("courses", Ref{Course: &course})
	}
	for _, ref := range d.Audience.Done {
		look("done", ref)
	}
	for _, ref := range d.Audience.NotDone {
		look("not_done", ref)
	}
	return wrong
}

// refuseCircle names the programmes that would depend on each other.
func (p *Program) refuseCircle(published []*Terms) error {
	others := slices.DeleteFunc(slices.Clone(published), func(t *Terms) bool { return t.ID == p.ID })
	_, circle := inOrder(append(others, p.terms(p.Draft, nil)))
	if circle == nil {
		return nil
	}
	field := "done"
	for i, t := range circle[1:] {
		if circle[i].ID == p.ID && asks(p.Draft.Audience.NotDone, t.ID) {
			field = "not_done"
		}
	}
	return &fault.Error{Kind: fault.Invalid, What: fmt.Sprintf("circle of %d programmes", len(circle)-1), Fields: map[string]string{field: "program.circle"}, Cause: namesOf(circle, " → ")}
}

// Names are titles of programmes that stand in the way of something: an error's
// cause, to be shown beside its field.
type Names string

// Error implements error.
func (n Names) Error() string { return string(n) }

func namesOf(programs []*Terms, between string) Names {
	titles := make([]string, len(programs))
	for i, t := range programs {
		titles[i] = t.Title
	}
	return Names(strings.Join(titles, between))
}

// asks tells whether a programme is among what somebody has or hasn't completed.
func asks(refs []Ref, program uuid.UUID) bool {
	return slices.ContainsFunc(refs, func(ref Ref) bool { return ref.Program != nil && *ref.Program == program })
}

// refuseNeeded refuses to close a programme that the audience of another
// depends on: its people would change without anybody having looked.
func (s *Store) refuseNeeded(ctx context.Context, id uuid.UUID) error {
	published, err := s.alone(ctx)
	if err != nil {
		return err
	}
	needing := slices.DeleteFunc(published, func(t *Terms) bool {
		return t.ID == id || !asks(slices.Concat(t.Audience.Done, t.Audience.NotDone), id)
	})
	if len(needing) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, What: "other programmes depend on it", Fields: map[string]string{"close": "program.needed"}, Cause: namesOf(needing, ", ")}
}
