package mastery

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/practice"
	"hocso/internal/quiz"
)

// Service puts together what a learner has done.
type Service struct {
	db        *bun.DB
	library   *course.Library
	quiz      *quiz.Service
	scenarios *practice.Library
	now       clock.Clock
}

// NewService makes the service.
func NewService(db *bun.DB, library *course.Library, quizzes *quiz.Service, scenarios *practice.Library, now clock.Clock) *Service {
	return &Service{db: db, library: library, quiz: quizzes, scenarios: scenarios, now: now}
}

// Profile is what somebody's own page says of their skills.
type Profile struct {
	Skills []Mastery // of all six, in their order
	Due    []Repeat  // to be repeated now, the longest due first
	Placed *Sitting  // the latest placement check, or nil
}

// Repeat is something learnt that comes back: a scam drill, or questions of a skill.
type Repeat struct {
	Drill  *practice.Version // nil for questions
	Skill  course.Skill      // of questions
	At     time.Time         // since when it is due
	Repeat int               // the how-manieth, from 1
}

// Profile works out a person's skills and what is due.
func (s *Service) Profile(ctx context.Context, person uuid.UUID) (*Profile, error) {
	past, err := s.past(ctx, person)
	if err != nil {
		return nil, err
	}
	profile := &Profile{Skills: Of(past.evidence)}
	for _, sitting := range past.sittings {
		if sitting.Kind == Placement {
			profile.Placed = sitting
			break
		}
	}
	shelf, err := s.scenarios.Shelf(ctx)
	if err != nil {
		return nil, err
	}
	now := s.now()
	for _, version := range shelf {
		if at, repeat, ok := DueDrill(past.drills[version.Slug]); version.Drill && ok && !at.After(now) {
			profile.Due = append(profile.Due, Repeat{Drill: version, At: at, Repeat: repeat})
		}
	}
	for _, skill := range course.Skills {
		if at, repeat, ok := Due(past.skills[skill]); ok && !at.After(now) {
			profile.Due = append(profile.Due, Repeat{Skill: skill, At: at, Repeat: repeat})
		}
	}
	slices.SortStableFunc(profile.Due, func(a, b Repeat) int { return a.At.Compare(b.At) })
	return profile, nil
}

// past is what a person has done, as evidence and as tries.
type past struct {
	evidence []Evidence
	sittings []*Sitting             // the latest first
	drills   map[string][]Try       // by scenario
	skills   map[course.Skill][]Try // checks and reviews
	missed   map[Item]bool          // the latest answer was wrong
	seen     map[Item]time.Time     // when it was answered last
}

func (s *Service) past(ctx context.Context, person uuid.UUID) (*past, error) {
	p := &past{drills: map[string][]Try{}, skills: map[course.Skill][]Try{}, missed: map[Item]bool{}, seen: map[Item]time.Time{}}
	attempts, err := s.quiz.Graded(ctx, person)
	if err != nil {
		return nil, err
	}
	for _, attempt := range attempts {
		if err := s.addAttempt(ctx, p, attempt); err != nil {
			return nil, err
		}
	}
	if p.sittings, err = NewStore(s.db).Submitted(ctx, person); err != nil {
		return nil, err
	}
	for _, sitting := range p.sittings {
		if err := s.addSitting(ctx, p, sitting); err != nil {
			return nil, err
		}
	}
	runs, err := practice.NewStore(s.db).RunsOf(ctx, person)
	if err != nil {
		return nil, err
	}
	for _, run := range runs {
		if err := s.addRun(ctx, p, run); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (s *Service) addAttempt(ctx context.Context, p *past, attempt *quiz.Attempt) error {
	check, err := s.quiz.Quiz(ctx, attempt.QuizID)
	if err != nil {
		return err
	}
	version, err := s.library.Version(ctx, check.VersionID)
	if err != nil {
		return err
	}
	for _, question := range check.Of(attempt).Questions {
		p.answered(Item{check.ID, question.Key}, question, attempt.Answers[question.Key], *attempt.GradedAt)
	}
	// What was never passed is not repeated but learnt, in its course.
	if *attempt.Passed {
		p.skills[version.Skill] = append(p.skills[version.Skill], Try{At: *attempt.GradedAt, Well: true})
	}
	return nil
}

func (s *Service) addSitting(ctx context.Context, p *past, sitting *Sitting) error {
	questions, err := s.Questions(ctx, sitting)
	if err != nil {
		return err
	}
	for i, item := range sitting.Items {
		if questions[i] != nil {
			p.answered(item, questions[i], sitting.Answers[item.Name()], *sitting.SubmittedAt)
		}
	}
	if sitting.Kind == Review {
		p.skills[sitting.Skill] = append(p.skills[sitting.Skill], Try{At: *sitting.SubmittedAt, Well: sitting.Well()})
	}
	return nil
}

func (s *Service) addRun(ctx context.Context, p *past, run *practice.Run) error {
	if run.Outcome == nil {
		return nil
	}
	version, err := s.scenarios.Version(ctx, run.VersionID)
	if err != nil {
		return err
	}
	p.evidence = append(p.evidence, Evidence{
		Skills: version.Skills, Item: run.Scenario, Run: true, Right: run.Outcome.Reached(),
		Alone: *run.Outcome == practice.Done && run.Support == identity.Self, At: *run.GradedAt,
	})
	p.drills[run.Scenario] = append(p.drills[run.Scenario], Try{At: *run.GradedAt, Well: run.Outcome.Reached()})
	return nil
}

// answered takes up one answer.
func (p *past) answered(item Item, question *quiz.Question, chosen []string, at time.Time) {
	right := question.Right(chosen)
	p.evidence = append(p.evidence, Evidence{Skills: question.Skills, Item: item.Name(), Right: right, At: at})
	if at.After(p.seen[item]) {
		p.seen[item], p.missed[item] = at, !right
	}
}

// Begin draws a sitting under an id made by the learner's page; the same id
// again is the same sitting. It is fault.NotFound when the banks have nothing.
func (s *Service) Begin(ctx context.Context, by identity.Actor, kind SittingKind, skill course.Skill, id uuid.UUID) (*Sitting, error) {
	if kind == Review && !slices.Contains(course.Skills, skill) {
		return nil, fault.New(fault.NotFound, "skill")
	}
	candidates, err := s.candidates(ctx, by.PersonID)
	if err != nil {
		return nil, err
	}
	sitting := &Sitting{
		ID: id, PersonID: by.PersonID, Kind: kind, Skill: skill, BegunAt: s.now(), Answers: quiz.Answers{}, Support: by.Support, HelperID: by.HelperID,
	}
	if kind == Placement {
		sitting.Items = place(candidates)
	} else {
		sitting.Items = review(skill, candidates)
	}
	if len(sitting.Items) == 0 {
		return nil, fault.New(fault.NotFound, "questions for a sitting")
	}
	if err := NewStore(s.db).Add(ctx, sitting); err != nil {
		return nil, err
	}
	return NewStore(s.db).SittingOf(ctx, by.PersonID, id)
}

// candidates are the questions of the residents' courses.
func (s *Service) candidates(ctx context.Context, person uuid.UUID) ([]candidate, error) {
	shelf, err := s.library.Shelf(ctx)
	if err != nil {
		return nil, err
	}
	past, err := s.past(ctx, person)
	if err != nil {
		return nil, err
	}
	var all []candidate
	for _, version := range shelf {
		if version.Track != course.Residents {
			continue
		}
		bank, err := s.quiz.Bank(ctx, version.ID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, question := range bank.Questions {
			if len(question.Skills) == 0 {
				continue
			}
			item := Item{bank.ID, question.Key}
			all = append(all, candidate{item: item, skills: question.Skills, missed: past.missed[item]})
		}
	}
	return all, nil
}

// Find reads a person's own sitting with its questions, see Questions.
func (s *Service) Find(ctx context.Context, person, id uuid.UUID) (*Sitting, []*quiz.Question, error) {
	sitting, err := NewStore(s.db).SittingOf(ctx, person, id)
	if err != nil {
		return nil, nil, err
	}
	questions, err := s.Questions(ctx, sitting)
	return sitting, questions, err
}

// Questions are those of a sitting's items, in their order.
func (s *Service) Questions(ctx context.Context, sitting *Sitting) ([]*quiz.Question, error) {
	questions := make([]*quiz.Question, len(sitting.Items))
	for i, item := range sitting.Items {
		check, err := s.quiz.Quiz(ctx, item.Quiz)
		if err != nil {
			return nil, err
		}
		if at := slices.IndexFunc(check.Questions, func(q *quiz.Question) bool { return q.Key == item.Key }); at >= 0 {
			questions[i] = check.Questions[at]
		}
	}
	return questions, nil
}

// Submit takes the answers of a sitting and says at once how many are right:
// a handful of questions that count for nothing but the learner. A question
// left out is one not known. Submitting again changes nothing.
func (s *Service) Submit(ctx context.Context, by identity.Actor, id uuid.UUID, answers quiz.Answers) (*Sitting, error) {
	sitting, questions, err := s.Find(ctx, by.PersonID, id)
	if err != nil || sitting.SubmittedAt != nil {
		return sitting, err
	}
	kept := quiz.Answers{}
	for i, item := range sitting.Items {
		if questions[i] == nil {
			continue
		}
		chosen := questions[i].Known(answers[item.Name()])
		if len(chosen) > 0 {
			kept[item.Name()] = chosen
		}
		if questions[i].Right(chosen) {
			sitting.RightAnswers++
		}
	}
	now := s.now()
	sitting.SubmittedAt, sitting.Answers = &now, kept
	if by.Support.Exceeds(sitting.Support) {
		sitting.Support, sitting.HelperID = by.Support, by.HelperID
	}
	submitted, err := NewStore(s.db).Submit(ctx, sitting)
	if err != nil || submitted {
		return sitting, err
	}
	return NewStore(s.db).SittingOf(ctx, by.PersonID, id)
}
