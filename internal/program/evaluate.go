package program

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"

	"hocso/internal/notify"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/i18n"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/queue"
)

// EvaluateBell rings when facts have changed.
const EvaluateBell queue.Kind = "program:evaluate"

// evaluateLock is the advisory lock of whoever evaluates: one at a time, so
// that nobody is worked out twice at once from different facts.
const evaluateLock = 0x70726f6772616d // "program"

// EvaluateDue works out up to n people anew, whose facts have changed or whose
// time has come, and says how many. Whatever happens, people are taken off the
// list in the transaction that writes where they stand.
func (s *Service) EvaluateDue(ctx context.Context, n int) (int, error) {
	taken, told := 0, 0
	err := postgres.RunInTx(ctx, s.db, func(ctx context.Context, tx postgres.Tx) error {
		var alone bool
		if err := tx.NewRaw("SELECT pg_try_advisory_xact_lock(?)", evaluateLock).Scan(ctx, &alone); err != nil || !alone {
			return err
		}
		store, now := NewStore(tx), s.now()
		if err := store.closeDays(ctx, clock.Day(now)); err != nil {
			return err
		}
		people, moved, err := store.takeDue(ctx, n, now)
		if err != nil {
			return err
		}
		taken = len(people)
		if taken > 0 {
			if told, err = s.evaluate(ctx, tx, people, now); err != nil {
				return err
			}
		}
		if moved {
			taken++
			return store.recount(ctx)
		}
		return nil
	})
	if err == nil && told > 0 {
		s.bell.Ring(notify.SendBell)
	}
	return taken, postgres.Wrap(err, "evaluate programmes")
}

// evaluate works out where people stand in every programme, writes it down and
// says how many notices it queued.
func (s *Service) evaluate(ctx context.Context, tx postgres.Tx, people []uuid.UUID, now time.Time) (int, error) {
	store := NewStore(tx)
	if err := store.hold(ctx, people); err != nil {
		return 0, err
	}
	terms, err := store.terms(ctx)
	if err != nil {
		return 0, err
	}
	order, circle := inOrder(terms)
	if circle != nil {
		return 0, fmt.Errorf("programmes depend on each other in a circle: %s", circle[0].ID) // publishing refuses it
	}
	facts, above, err := store.facts(ctx, people, now)
	if err != nil {
		return 0, err
	}
	rulings, err := store.rulings(ctx, people)
	if err != nil {
		return 0, err
	}
	before, err := store.assignments(ctx, people)
	if err != nil {
		return 0, err
	}
	o := &outcome{now: now, today: clock.Day(now), figures: map[figure]int{}}
	for _, person := range people {
		if f := facts[person]; f != nil {
			o.person(f, order, above, rulings, before[person])
		}
	}
	if err := store.save(ctx, tx, o); err != nil {
		return 0, err
	}
	if err := store.addFigures(ctx, o.figures); err != nil {
		return 0, err
	}
	return notify.NewStore(tx).Queue(ctx, o.notices...)
}

// outcome gathers what an evaluation changes.
type outcome struct {
	now, today  time.Time
	added       []*Assignment
	changed     []*Assignment
	transitions []*transition
	wakes       []*wake
	asleep      []uuid.UUID
	figures     map[figure]int
	notices     []*notify.Notice
}

// person works out one person in all programmes, in the order in which they
// depend on each other; before is where they stand, by programme.
func (o *outcome) person(f *Facts, order []*Terms, above tree, rulings map[pair]Ruling, before map[uuid.UUID]*Assignment) {
	next := f.Next
	sooner := func(d *time.Time) {
		if d != nil {
			if at := midnight(*d); next == nil || at.Before(*next) {
				next = &at
			}
		}
	}
	holds := map[uuid.UUID]bool{} // programme → completed and valid
	done := func(ref Ref) bool {
		if ref.Program != nil {
			return holds[*ref.Program]
		}
		return ref.Course != nil && len(f.Learned[*ref.Course]) > 0
	}
	var fresh []*Assignment
	titles := map[uuid.UUID]*Terms{}
	for _, t := range order {
		old := before[t.ID]
		unit, _, member := t.Audience.Matches(t.OwnerID, f, above, done)
		delete(before, t.ID)
		if !member {
			o.release(t, old)
			continue
		}
		titles[t.ID] = t
		a, was := old, Assignment{State: Released}
		if a == nil {
			a = &Assignment{ID: uuid.Must(uuid.NewV7()), ProgramID: t.ID, PersonID: f.PersonID, Since: o.today, JoinedOn: o.today, State: Released}
			o.added = append(o.added, a)
		} else {
			was = *a
		}
		if was.State == Released {
			a.JoinedOn = o.today
		}
		s := t.Stand(f, rulings[pair{t.ID, f.PersonID}], a.JoinedOn, o.today)
		holds[t.ID] = s.State.Holds()
		if a.take(&s, t.Revision, unit, o.today); old != nil && !reflect.DeepEqual(was, *a) {
			o.changed = append(o.changed, a)
		}
		o.count(t.ID, was.UnitID, was.State, -1)
		o.count(t.ID, unit, s.State, 1)
		if a.moved(&was) {
			o.note(t, &was, a)
		}
		if (was.State == Released || was.Cycle != a.Cycle) && a.State.Open() && a.State != Expiring {
			fresh = append(fresh, a)
		}
		if r, ok := t.reminder(&s, a.JoinedOn, o.today); ok {
			o.remind(t, a, r)
		}
		sooner(s.Next)
		sooner(t.nextReminder(&s, o.today))
	}
	for _, left := range before { // of programmes that are closed
		o.release(nil, left)
	}
	o.tellAssigned(f.PersonID, fresh, titles)
	if next == nil {
		o.asleep = append(o.asleep, f.PersonID)
		return
	}
	o.wakes = append(o.wakes, &wake{PersonID: f.PersonID, At: *next})
}

// release lets somebody go who is no longer in the audience.
func (o *outcome) release(t *Terms, a *Assignment) {
	if a == nil || a.State == Released {
		return
	}
	if t != nil && a.State.Open() {
		o.tell(a, NoticeReleased, fmt.Sprintf("%s/%d/%s", a.ID, a.Cycle, o.today.Format(time.DateOnly)), map[string]string{"program": t.Title})
	}
	o.count(a.ProgramID, a.UnitID, a.State, -1)
	was := *a
	a.State, a.Since = Released, o.today
	o.note(t, &was, a)
	o.changed = append(o.changed, a)
}

// note keeps why and how somebody came to stand elsewhere.
func (o *outcome) note(t *Terms, before, after *Assignment) {
	o.transitions = append(o.transitions, &transition{
		AssignmentID: after.ID, At: o.now, Event: t.event(before, after), Before: before.State, After: after.State, Cycle: after.Cycle,
	})
}

// count adds to the figures of a unit; who is released counts nowhere.
func (o *outcome) count(program, unit uuid.UUID, state State, n int) {
	if state != "" && state != Released {
		o.figures[figure{program, unit, state}] += n
	}
}

// tellAssigned tells somebody once of everything that they were given at once.
func (o *outcome) tellAssigned(person uuid.UUID, fresh []*Assignment, titles map[uuid.UUID]*Terms) {
	if len(fresh) == 0 {
		return
	}
	first := fresh[0]
	for _, a := range fresh {
		if a.DueOn != nil && (first.DueOn == nil || a.DueOn.Before(*first.DueOn)) {
			first = a
		}
	}
	title := titles[first.ProgramID].Title
	if others := len(fresh) - 1; others > 0 {
		title = fmt.Sprintf("%s (và %d chương trình khác)", title, others)
	}
	o.tell(first, NoticeAssigned, fmt.Sprintf("%s/%d/%s", first.ID, first.Cycle, first.JoinedOn.Format(time.DateOnly)),
		map[string]string{"program": title, "due": dayText(first.DueOn)})
}

// remind tells somebody of a deadline.
func (o *outcome) remind(t *Terms, a *Assignment, r reminder) {
	late := int(o.today.Sub(*a.DueOn).Hours() / 24)
	data := map[string]string{"program": t.Title, "due": dayText(a.DueOn), "left": fmt.Sprintf("%d/%d", a.Done, a.Steps)}
	switch r.kind {
	case NoticeOverdue:
		data["days"] = fmt.Sprint(late)
	case NoticeExpiring:
		data = map[string]string{"program": t.Title, "until": dayText(a.DueOn)}
	default:
		data["days"] = fmt.Sprint(-late)
	}
	o.tell(a, r.kind, fmt.Sprintf("%s/%d/%s/%d", a.ID, a.Cycle, a.DueOn.Format(time.DateOnly), r.mark), data)
}

func (o *outcome) tell(a *Assignment, kind notify.Kind, occasion string, data map[string]string) {
	o.notices = append(o.notices, &notify.Notice{
		PersonID: a.PersonID, Kind: kind, Occasion: string(kind) + "/" + occasion, Data: data, Link: "/me/programs", MadeAt: o.now,
	})
}

// dayText writes a day for a notice; a programme may have no deadline.
func dayText(d *time.Time) string {
	if d == nil {
		return "không thời hạn"
	}
	return i18n.Date(midnight(*d))
}

// chunkRows is how many rows one statement writes.
const chunkRows = 2000

func chunks[T any](rows []T) iter.Seq[[]T] { return slices.Chunk(rows, chunkRows) }

func distinct(ids []uuid.UUID) []uuid.UUID {
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}
