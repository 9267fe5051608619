package practice

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/queue"
)

// ReplayBell rings when runs wait to be replayed.
const ReplayBell queue.Kind = "practice:replay"

// Service is what learners and workers do with scenarios.
type Service struct {
	db      *bun.DB
	library *Library
	bell    *queue.Bell
	now     clock.Clock
}

// NewService makes the service.
func NewService(db *bun.DB, library *Library, bell *queue.Bell, now clock.Clock) *Service {
	return &Service{db: db, library: library, bell: bell, now: now}
}

// Begin begins a run of the current version under an id made by the learner's
// page; the same id again is the same run. Which variant it gets is chance: as
// often honest as fraudulent, and never the one of the run before when there
// is another.
func (s *Service) Begin(ctx context.Context, by identity.Actor, slug string, id uuid.UUID) (*Run, error) {
	version, err := s.library.Find(ctx, slug)
	if err != nil {
		return nil, err
	}
	store := NewStore(s.db)
	before, err := store.RunsOf(ctx, by.PersonID)
	if err != nil {
		return nil, err
	}
	last := ""
	if i := slices.IndexFunc(before, func(r *Run) bool { return r.Scenario == slug }); i >= 0 {
		last = before[i].Variant
	}
	run := &Run{
		ID: id, PersonID: by.PersonID, Scenario: slug, VersionID: version.ID, Variant: version.Script.choose(last, rand.IntN),
		State: Open, BegunAt: s.now(), Steps: []Step{}, Support: by.Support, HelperID: by.HelperID,
	}
	if err := store.Add(ctx, run); err != nil {
		return nil, err
	}
	return store.RunOf(ctx, by.PersonID, id)
}

// choose chooses a variant: first whether it is honest, then which one.
func (s *Script) choose(last string, random func(n int) int) string {
	var kinds [2][]string
	for _, variant := range s.Variants {
		if variant.ID == last && len(s.Variants) > 1 {
			continue
		}
		kind := 0
		if variant.Honest {
			kind = 1
		}
		kinds[kind] = append(kinds[kind], variant.ID)
	}
	from := kinds[random(2)]
	if len(from) == 0 {
		from = slices.Concat(kinds[0], kinds[1])
	}
	return from[random(len(from))]
}

// honest tells whether nobody cheats in a variant.
func (s *Script) honest(variant string) bool {
	return slices.ContainsFunc(s.Variants, func(v Variant) bool { return v.ID == variant && v.Honest })
}

// Wariness lists how scam drills go, of everybody.
func (s *Service) Wariness(ctx context.Context) ([]Wariness, error) {
	return NewStore(s.db).Wariness(ctx)
}

// Find reads a person's own run with its version and where it stands. A run
// that was refused stands at its beginning.
func (s *Service) Find(ctx context.Context, person, id uuid.UUID) (*Run, *Version, *Situation, error) {
	run, err := NewStore(s.db).RunOf(ctx, person, id)
	if err != nil {
		return nil, nil, nil, err
	}
	version, err := s.library.Version(ctx, run.VersionID)
	if err != nil {
		return nil, nil, nil, err
	}
	steps := run.Steps
	if run.State == Refused || run.State == Submitted {
		steps = nil // nobody has seen yet whether they can be
	}
	situation, err := version.Script.Replay(run.Variant, steps)
	return run, version, situation, err
}

// Runs lists a person's runs, the latest first, without their steps.
func (s *Service) Runs(ctx context.Context, person uuid.UUID) ([]*Run, error) {
	return NewStore(s.db).RunsOf(ctx, person)
}

// Step takes what one form of a run that is played page by page does: fields
// and the button pressed, or a hint. at is how many steps the page had seen: a
// page that is behind (a double click, a stale tab) changes nothing. The step
// that ends the run submits it.
func (s *Service) Step(ctx context.Context, by identity.Actor, id uuid.UUID, at int, steps ...Step) (*Situation, error) {
	var situation *Situation
	err := s.change(ctx, by, id, func(run *Run, version *Version) (changed bool, err error) {
		if situation, err = version.Script.Replay(run.Variant, run.Steps); err != nil {
			return false, err
		}
		if run.State != Open || at != len(run.Steps) {
			return false, nil
		}
		elapsed := max(int(s.now().Sub(run.BegunAt).Milliseconds()), situation.Time)
		for _, step := range steps {
			step.Time = min(elapsed, maxLength)
			if err := situation.Take(step); err != nil {
				return false, err
			}
			run.Steps = append(run.Steps, step)
		}
		if len(run.Steps) > maxSteps {
			return false, refuse("too_long")
		}
		if _, ended := situation.Ended(); ended {
			s.submit(run)
		}
		return true, nil
	})
	return situation, err
}

// Submit takes the whole log of a run that was played on the device. The same
// log again, or any after the first, changes nothing: a run is submitted once.
// Whether the scenario could have produced it is seen by a worker.
func (s *Service) Submit(ctx context.Context, by identity.Actor, id uuid.UUID, steps []Step) error {
	if len(steps) == 0 {
		return refuse("empty")
	}
	if len(steps) > maxSteps {
		return refuse("too_long")
	}
	store := NewStore(s.db)
	submitted, err := store.Submit(ctx, by, id, steps, s.now())
	if err == nil && !submitted {
		_, err = store.RunOf(ctx, by.PersonID, id) // submitted before, or somebody else's
	}
	if submitted {
		s.bell.Ring(ReplayBell)
	}
	return err
}

func (s *Service) submit(run *Run) {
	now := s.now()
	run.State, run.SubmittedAt = Submitted, &now
}

// change locks a run, lets do change it and saves it.
func (s *Service) change(ctx context.Context, by identity.Actor, id uuid.UUID, do func(*Run, *Version) (bool, error)) error {
	submitted := false
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		store := NewStore(tx)
		run, err := store.LockRunOf(ctx, by.PersonID, id)
		if err != nil {
			return err
		}
		version, err := s.library.Version(ctx, run.VersionID)
		if err != nil {
			return err
		}
		changed, err := do(run, version)
		if err != nil || !changed {
			return err
		}
		if by.Support.Exceeds(run.Support) {
			run.Support, run.HelperID = by.Support, by.HelperID
		}
		submitted = run.State == Submitted
		return store.Save(ctx, run)
	})
	if err == nil && submitted {
		s.bell.Ring(ReplayBell)
	}
	return err
}

// ReplayDue replays up to n waiting runs, the oldest first, and writes what
// they came to and the progress of the courses that they stand in, in one
// transaction. A log that cannot be is refused and holds nobody up.
func (s *Service) ReplayDue(ctx context.Context, n int) (int, error) {
	count := 0
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		store := NewStore(tx)
		runs, err := store.TakeSubmitted(ctx, n)
		if err != nil || len(runs) == 0 {
			return err
		}
		count = len(runs)
		now := s.now()
		honest := map[uuid.UUID]bool{}
		for _, run := range runs {
			version, err := s.library.Version(ctx, run.VersionID)
			if err != nil {
				return err
			}
			run.grade(version)
			run.GradedAt, honest[run.ID] = &now, version.Script.honest(run.Variant)
		}
		if err := store.SaveGrades(ctx, runs); err != nil {
			return err
		}
		if err := s.carryOver(ctx, course.NewStore(tx), runs); err != nil {
			return err
		}
		// Last, for every worker writes these few rows.
		return store.AddTotals(ctx, addUp(runs, func(r *Run) bool { return honest[r.ID] }))
	})
	if err != nil {
		return 0, err
	}
	if count > 0 {
		s.bell.Ring(course.ProgressBell)
	}
	return count, nil
}

// grade says what a run came to: the replay, or why it was refused.
func (r *Run) grade(version *Version) {
	situation, err := version.Script.Replay(r.Variant, r.Steps)
	if err != nil {
		r.State, r.Refusal = Refused, cmp.Or(fault.FieldsOf(err)["log"], "practice.refused_unknown")
		return
	}
	outcome, ended := situation.Ended()
	if !ended {
		r.State, r.Refusal = Refused, "practice.refused_unfinished"
		return
	}
	r.State, r.Outcome, r.Hints, r.Mistakes = Graded, &outcome, situation.Hints, situation.Mistakes()
}

// carryOver takes reached goals to the courses that the scenarios stand in.
func (s *Service) carryOver(ctx context.Context, courses *course.Store, runs []*Run) error {
	var reached []course.Reached
	for _, run := range runs {
		if run.State == Graded && run.Outcome.Reached() {
			reached = append(reached, course.Reached{PersonID: run.PersonID, Scenario: run.Scenario})
		}
	}
	if len(reached) == 0 {
		return nil
	}
	ids, err := courses.Practising(ctx, reached)
	if err != nil || len(ids) == 0 {
		return err
	}
	locked, err := courses.Lock(ctx, ids...)
	if err != nil {
		return err
	}
	now := s.now()
	if err := courses.Start(ctx, now, locked...); err != nil {
		return err
	}
	return courses.CompleteFinished(ctx, ids, now)
}
