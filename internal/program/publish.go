package program

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// shown is how many people a preview names on each list.
const shown = 50

// Preview is what publishing a draft would do.
type Preview struct {
	People int // in the audience
	Of     int // people inside the owner's subtree
	Joins  int // of the audience, who are not in it now
	Leaves int
	Late   int         // would be late on the first day
	Joiner []Candidate // the first of them by name
	Leaver []Candidate
	Warn   []Warning
}

// Candidate is somebody who would join or leave, and why.
type Candidate struct {
	PersonID uuid.UUID
	FullName string
	UnitName string
	Why      []Because
}

// Warning is something that has to be confirmed before publishing.
type Warning string

// The warnings.
const (
	WarnNobody   Warning = "nobody"
	WarnEverbody Warning = "everybody"
	WarnLate     Warning = "late"    // the deadline has passed
	WarnLeaving  Warning = "leaving" // a third or more of the audience goes
)

// Preview works out a draft over everybody inside the owner's subtree.
func (s *Service) Preview(ctx context.Context, p *Program) (*Preview, error) {
	d := p.Latest()
	if d == nil {
		return nil, fault.New(fault.NotFound, "draft of a programme")
	}
	store, now := NewStore(s.db), s.now()
	minutes, err := store.minutes(ctx)
	if err != nil {
		return nil, err
	}
	terms := p.terms(d, minutes)
	preview := &Preview{}
	today := clock.Day(now)
	after := uuid.Nil
	for {
		batch, err := store.audienceBatch(ctx, p, after)
		if err != nil {
			return nil, err
		}
		if len(batch) == 0 {
			break
		}
		after = batch[len(batch)-1].ID
		if err := store.previewBatch(ctx, preview, terms, batch, now); err != nil {
			return nil, err
		}
	}
	if preview.People == 0 {
		preview.Warn = append(preview.Warn, WarnNobody)
	} else if preview.People == preview.Of {
		preview.Warn = append(preview.Warn, WarnEverbody)
	}
	if d.pastDeadline(today) {
		preview.Warn, preview.Late = append(preview.Warn, WarnLate), preview.Joins
	}
	if before := preview.People - preview.Joins + preview.Leaves; preview.Leaves > 0 && preview.Leaves*3 >= before {
		preview.Warn = append(preview.Warn, WarnLeaving)
	}
	return preview, store.name(ctx, preview)
}

// terms puts a definition together with what its standing needs.
func (p *Program) terms(d *Definition, minutes map[uuid.UUID]int) *Terms {
	t := &Terms{Definition: d, ID: p.ID, OwnerID: p.OwnerID, Minutes: minutes}
	if p.PublishedAt != nil {
		t.Published = clock.Day(*p.PublishedAt)
	}
	return t
}

// member is somebody who may be in the audience, or is.
type member struct {
	ID uuid.UUID
	In bool // now
}

// audienceBatch reads the next people who belong, work or hold a role inside
// the owner's subtree, or are in the audience now.
func (s *Store) audienceBatch(ctx context.Context, p *Program, after uuid.UUID) ([]member, error) {
	var batch []member
	err := s.db.NewRaw(`
		SELECT p.id, EXISTS (SELECT FROM program_assignments a WHERE a.person_id = p.id AND a.program_id = ?0 AND a.state <> 'released') AS in
		FROM people p
		WHERE p.id > ?2 AND p.registered_at IS NOT NULL AND p.suspended_at IS NULL AND p.merged_into IS NULL AND p.erased_at IS NULL
		  AND (EXISTS (SELECT FROM unit_reach ur WHERE ur.unit_id = p.home_unit_id AND ur.ancestor_id = ?1)
		    OR EXISTS (SELECT FROM role_grants g JOIN unit_reach ur ON ur.unit_id = g.unit_id WHERE g.person_id = p.id AND ur.ancestor_id = ?1)
		    OR EXISTS (SELECT FROM appointments o JOIN unit_reach ur ON ur.unit_id = o.unit_id WHERE o.person_id = p.id AND ur.ancestor_id = ?1)
		    OR EXISTS (SELECT FROM program_assignments a WHERE a.person_id = p.id AND a.program_id = ?0 AND a.state <> 'released'))
		ORDER BY p.id LIMIT 2000`, p.ID, p.OwnerID, after).Scan(ctx, &batch)
	return batch, postgres.Wrap(err, "who may be in the audience")
}

func (s *Store) previewBatch(ctx context.Context, preview *Preview, t *Terms, batch []member, now time.Time) error {
	ids := make([]uuid.UUID, len(batch))
	for i, m := range batch {
		ids[i] = m.ID
	}
	facts, above, err := s.facts(ctx, ids, now)
	if err != nil {
		return err
	}
	holding, err := s.holding(ctx, ids, t.Audience)
	if err != nil {
		return err
	}
	for _, m := range batch {
		f := facts[m.ID]
		if f == nil {
			continue
		}
		preview.Of++
		_, why, in := t.Audience.Matches(t.OwnerID, f, above, func(ref Ref) bool {
			if ref.Program != nil {
				return holding[pair{*ref.Program, m.ID}]
			}
			return ref.Course != nil && len(f.Learned[*ref.Course]) > 0
		})
		if in {
			preview.People++
		}
		switch {
		case in && !m.In:
			if preview.Joins++; len(preview.Joiner) < shown {
				preview.Joiner = append(preview.Joiner, Candidate{PersonID: m.ID, Why: why})
			}
		case !in && m.In:
			if preview.Leaves++; len(preview.Leaver) < shown {
				preview.Leaver = append(preview.Leaver, Candidate{PersonID: m.ID})
			}
		}
	}
	return nil
}

// holding reads who holds what the programmes that a rule names ask for.
func (s *Store) holding(ctx context.Context, people []uuid.UUID, rule Rule) (map[pair]bool, error) {
	var programs []uuid.UUID
	for _, ref := range slices.Concat(rule.Done, rule.NotDone) {
		if ref.Program != nil {
			programs = append(programs, *ref.Program)
		}
	}
	found := map[pair]bool{}
	if len(programs) == 0 {
		return found, nil
	}
	var rows []struct{ ProgramID, PersonID uuid.UUID }
	err := s.db.NewRaw("SELECT program_id, person_id FROM program_assignments WHERE program_id IN (?) AND person_id IN (?) AND state IN ('completed', 'expiring')",
		bun.List(programs), bun.List(people)).Scan(ctx, &rows)
	for _, row := range rows {
		found[pair{row.ProgramID, row.PersonID}] = true
	}
	return found, postgres.Wrap(err, "who holds other programmes")
}

// name fills in who the candidates are.
func (s *Store) name(ctx context.Context, preview *Preview) error {
	var ids []uuid.UUID
	for _, list := range [][]Candidate{preview.Joiner, preview.Leaver} {
		for _, c := range list {
			ids = append(ids, c.PersonID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var rows []struct {
		ID                 uuid.UUID
		FullName, UnitName string
	}
	err := s.db.NewRaw("SELECT p.id, p.full_name, coalesce(u.name, '') AS unit_name FROM people p LEFT JOIN units u ON u.id = p.home_unit_id WHERE p.id IN (?)",
		bun.List(ids)).Scan(ctx, &rows)
	for _, list := range [][]Candidate{preview.Joiner, preview.Leaver} {
		for i := range list {
			for _, row := range rows {
				if row.ID == list[i].PersonID {
					list[i].FullName, list[i].UnitName = row.FullName, row.UnitName
				}
			}
		}
	}
	return postgres.Wrap(err, "names of an audience")
}

// Publish makes a draft hold. When the preview warns, confirmed has to be the
// number of people that the editor was shown: else it is an Invalid on
// "confirm", with the preview to show.
func (s *Service) Publish(ctx context.Context, scope org.Scope, by audit.By, id uuid.UUID, revision, confirmed int) (*Preview, error) {
	p, err := s.Find(ctx, scope, id)
	if err != nil {
		return nil, err
	}
	if p.Draft == nil {
		return nil, fault.New(fault.Conflict, "there is no draft to publish")
	}
	if err := p.Draft.check(true, clock.Day(s.now())); err != nil {
		return nil, err
	}
	preview, err := s.Preview(ctx, p)
	if err != nil {
		return nil, err
	}
	if len(preview.Warn) > 0 && confirmed != preview.People {
		return preview, fault.InvalidField("confirm", "program.confirm_number")
	}
	_, err = s.change(ctx, scope, id, revision, func(ctx context.Context, tx bun.Tx, p *Program) error {
		store, now := NewStore(tx), s.now()
		if err := store.refuseCircle(ctx, p); err != nil {
			return err
		}
		p.State, p.Definition, p.Draft = Published, p.Draft, nil
		if p.PublishedAt == nil {
			p.PublishedAt = &now
		}
		revision := &Revision{
			ProgramID: p.ID, Revision: p.Revision + 1, Definition: p.Definition, MadeBy: by.ActorID, MadeAt: now, Joined: preview.Joins, Gone: preview.Leaves,
		}
		if _, err := tx.NewInsert().Model(revision).Exec(ctx); err != nil {
			return postgres.Wrap(err, "keep revision")
		}
		if err := store.touchEverybody(ctx); err != nil {
			return err
		}
		return s.note(ctx, tx, by, p, audit.ProgramPublish)
	})
	if err == nil {
		s.bell.Ring(EvaluateBell)
	}
	return preview, err
}

// refuseCircle refuses a draft by which programmes would depend on each other
// in a circle. Publishing happens one at a time, so that two drafts can't make
// a circle together.
func (s *Store) refuseCircle(ctx context.Context, p *Program) error {
	if _, err := s.db.NewRaw("SELECT pg_advisory_xact_lock(?)", evaluateLock+1).Exec(ctx); err != nil {
		return postgres.Wrap(err, "publish one at a time")
	}
	published, err := s.terms(ctx)
	if err != nil {
		return err
	}
	published = slices.DeleteFunc(published, func(t *Terms) bool { return t.ID == p.ID })
	_, circle := inOrder(append(published, p.terms(p.Draft, nil)))
	if circle == nil {
		return nil
	}
	names := ""
	for i, t := range circle {
		if i > 0 {
			names += " → "
		}
		names += t.Title
	}
	return &fault.Error{Kind: fault.Invalid, What: fmt.Sprintf("circle of %d programmes", len(circle)-1), Fields: map[string]string{"done": "program.circle"}, Cause: Circle(names)}
}

// Circle names programmes that depend on each other, "A → B → A".
type Circle string

// Error implements error.
func (c Circle) Error() string { return "programmes depend on each other: " + string(c) }
