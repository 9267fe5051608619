package program

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Preview is what publishing a draft would do.
type Preview struct {
	People int // in the audience
	Of     int // people inside the owner's subtree
	Joins  int // of the audience, who are not in it now
	Leaves int
	Holds  int // of the audience, who have what it asks for already
	Late   int // of the audience, who would be late today and are not yet
	Warn   []Warning

	groups map[Group][]uuid.UUID // by name
}

// Group is a part of the people whom a preview speaks of.
type Group string

// The groups.
const (
	Joiners Group = "joins"
	Stayers Group = "stays"
	Leavers Group = "leaves"
)

// Groups lists them in the order in which pages show them.
var Groups = []Group{Joiners, Leavers, Stayers}

// Count is how many people are in a group.
func (p *Preview) Count(group Group) int { return len(p.groups[group]) }

// Candidate is somebody of a group, and why they are in the audience, or why
// not.
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
	WarnPast     Warning = "past"    // the deadline has passed
	WarnLate     Warning = "late"    // people would be late at once
	WarnLeaving  Warning = "leaving" // a third or more of the audience goes
)

// Preview works out a draft over everybody inside the owner's subtree whom it may concern.
func (s *Service) Preview(ctx context.Context, p *Program) (*Preview, error) {
	seen, err := s.previewer(ctx, p)
	if err != nil {
		return nil, err
	}
	members, err := seen.store.audience(ctx, p, &seen.terms.Audience, seen.now)
	if err != nil {
		return nil, err
	}
	preview := &Preview{groups: map[Group][]uuid.UUID{}}
	if preview.Of, err = seen.store.inside(ctx, p.OwnerID, seen.now); err != nil {
		return nil, err
	}
	for some := range chunks(members) {
		if err := seen.add(ctx, preview, some); err != nil {
			return nil, err
		}
	}
	preview.Joins, preview.Leaves = preview.Count(Joiners), preview.Count(Leavers)
	preview.warn(seen.terms.Definition, seen.today)
	return preview, nil
}

// warn says what has to be confirmed.
func (p *Preview) warn(d *Definition, today time.Time) {
	say := func(is bool, warning Warning) {
		if is {
			p.Warn = append(p.Warn, warning)
		}
	}
	before := p.People - p.Joins + p.Leaves
	say(p.People == 0, WarnNobody)
	say(p.People > 0 && p.People == p.Of, WarnEverbody)
	say(d.pastDeadline(today), WarnPast)
	say(p.Late > 0, WarnLate)
	say(p.Leaves > 0 && p.Leaves*3 >= before, WarnLeaving)
}

// Candidates names some of a group, from the one at a place on, and says why
// each is in the audience or is not.
func (s *Service) Candidates(ctx context.Context, p *Program, preview *Preview, group Group, from, limit int) ([]Candidate, error) {
	ids := preview.groups[group]
	ids = ids[min(from, len(ids)):min(from+limit, len(ids))]
	if len(ids) == 0 {
		return nil, nil
	}
	seen, err := s.previewer(ctx, p)
	if err != nil {
		return nil, err
	}
	found := make([]Candidate, len(ids))
	members := make([]member, len(ids))
	for i, id := range ids {
		members[i].ID = id
	}
	err = seen.each(ctx, members, func(i int, f *Facts, _ uuid.UUID, why []Because, _ bool) {
		found[i] = Candidate{PersonID: f.PersonID, Why: why}
	})
	if err != nil {
		return nil, err
	}
	return found, seen.store.name(ctx, found)
}

// previewer matches people against a draft.
type previewer struct {
	store *Store
	terms *Terms
	now   time.Time
	today time.Time
}

func (s *Service) previewer(ctx context.Context, p *Program) (*previewer, error) {
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
	if p.PublishedAt == nil {
		terms.Published = clock.Day(now)
	}
	return &previewer{store: store, terms: terms, now: now, today: clock.Day(now)}, nil
}

// each matches people, in the order in which they are given.
func (v *previewer) each(ctx context.Context, members []member, visit func(i int, f *Facts, unit uuid.UUID, why []Because, in bool)) error {
	ids := make([]uuid.UUID, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	facts, above, err := v.store.facts(ctx, ids, v.now)
	if err != nil {
		return err
	}
	holding, err := v.store.holding(ctx, ids, v.terms.Audience)
	if err != nil {
		return err
	}
	for i, id := range ids {
		f := facts[id]
		if f == nil {
			continue // forgotten since
		}
		unit, why, in := v.terms.Audience.Matches(v.terms.OwnerID, f, above, func(ref Ref) bool {
			if ref.Program != nil {
				return holding[pair{*ref.Program, id}]
			}
			return ref.Course != nil && len(f.Learned[*ref.Course]) > 0
		})
		visit(i, f, unit, why, in)
	}
	return nil
}

// add counts some people.
func (v *previewer) add(ctx context.Context, preview *Preview, some []member) error {
	ids := make([]uuid.UUID, len(some))
	for i, m := range some {
		ids[i] = m.ID
	}
	rulings, err := v.store.rulings(ctx, ids)
	if err != nil {
		return err
	}
	return v.each(ctx, some, func(i int, f *Facts, _ uuid.UUID, _ []Because, in bool) {
		m := some[i]
		group := Joiners
		switch {
		case !in && m.State == "":
			return
		case !in:
			group = Leavers
		case m.State != "":
			group = Stayers
		}
		preview.groups[group] = append(preview.groups[group], m.ID)
		if !in {
			return
		}
		preview.People++
		joined := v.today
		if m.JoinedOn != nil {
			joined = asDay(*m.JoinedOn)
		}
		state := v.terms.Stand(f, rulings[pair{v.terms.ID, m.ID}], joined, v.today).State
		if state.Holds() {
			preview.Holds++
		}
		if state.Behind() && !m.State.Behind() {
			preview.Late++
		}
	})
}

// member is somebody who may be in the audience, or is.
type member struct {
	ID       uuid.UUID
	State    State      // now; "" when they are not in the programme
	JoinedOn *time.Time // nil when they are not in the programme
}

// Who is at one of some units (a query "below") by each kind of post, at a
// moment (?1) of a day (?2).
const (
	postsByHome   = "SELECT id FROM people WHERE home_unit_id IN (SELECT unit_id FROM below)"
	postsByRole   = "SELECT person_id FROM role_grants WHERE unit_id IN (SELECT unit_id FROM below) AND starts_at <= ?1 AND (ends_at IS NULL OR ends_at > ?1)"
	postsByOffice = "SELECT person_id FROM appointments WHERE unit_id IN (SELECT unit_id FROM below) AND starts_on <= ?2::date AND (ends_on IS NULL OR ends_on > ?2::date)"
)

// inside counts who belongs, works or holds a role inside a unit's subtree.
func (s *Store) inside(ctx context.Context, unit uuid.UUID, now time.Time) (count int, err error) {
	err = s.db.NewRaw(`
		WITH below AS MATERIALIZED (SELECT unit_id FROM unit_reach WHERE ancestor_id = ?0)
		SELECT count(*) FROM people WHERE id IN (`+postsByHome+` UNION `+postsByRole+` UNION `+postsByOffice+`)
			AND registered_at IS NOT NULL AND suspended_at IS NULL AND merged_into IS NULL AND erased_at IS NULL`,
		unit, now, clock.Day(now).Format(time.DateOnly)).Scan(ctx, &count)
	return count, postgres.Wrap(err, "who is inside a unit")
}

// audience reads, by name, everybody whom a rule might find, judging only by
// the kind of post and the units that it asks for, and who is in the programme
// now. Which of them it does find, Rule.Matches says.
func (s *Store) audience(ctx context.Context, p *Program, rule *Rule, now time.Time) ([]member, error) {
	posts := postsByHome
	switch {
	case rule.asksOffice():
		posts = postsByOffice
	case len(rule.Roles) > 0:
		posts = postsByRole + " AND role IN (?3)"
	}
	units := "ancestor_id = ?4"
	if len(rule.Units) > 0 {
		units += " AND unit_id IN (SELECT unit_id FROM unit_reach WHERE ancestor_id IN (?5))"
	}
	var members []member
	err := s.db.NewRaw(`
		WITH below AS MATERIALIZED (SELECT unit_id FROM unit_reach WHERE `+units+`),
		found AS (`+posts+` UNION SELECT person_id FROM program_assignments WHERE program_id = ?0 AND state <> 'released')
		SELECT p.id, coalesce(a.state, '') AS state, a.joined_on
		FROM people p LEFT JOIN program_assignments a ON a.person_id = p.id AND a.program_id = ?0 AND a.state <> 'released'
		WHERE p.id IN (SELECT * FROM found) AND p.registered_at IS NOT NULL
		  AND (a.id IS NOT NULL OR p.suspended_at IS NULL AND p.merged_into IS NULL AND p.erased_at IS NULL)
		ORDER BY p.search, p.id`,
		p.ID, now, clock.Day(now).Format(time.DateOnly), bun.List(rule.Roles), p.OwnerID, bun.List(rule.Units)).Scan(ctx, &members)
	return members, postgres.Wrap(err, "who may be in the audience")
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

// name fills in who candidates are.
func (s *Store) name(ctx context.Context, candidates []Candidate) error {
	ids := make([]uuid.UUID, len(candidates))
	for i, c := range candidates {
		ids[i] = c.PersonID
	}
	var rows []struct {
		ID                 uuid.UUID
		FullName, UnitName string
	}
	err := s.db.NewRaw("SELECT p.id, p.full_name, coalesce(u.name, '') AS unit_name FROM people p LEFT JOIN units u ON u.id = p.home_unit_id WHERE p.id IN (?)",
		bun.List(ids)).Scan(ctx, &rows)
	for _, row := range rows {
		i := slices.Index(ids, row.ID)
		candidates[i].FullName, candidates[i].UnitName = row.FullName, row.UnitName
	}
	return postgres.Wrap(err, "names of an audience")
}
