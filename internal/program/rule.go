package program

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"hocso/internal/identity"
	"hocso/internal/org"
)

// Rule says whom a programme is for. All clauses have to hold; a clause that is
// empty holds for everybody, one with several values when one of them does.
//
// Where somebody works depends on what is asked: with Roles it is where they
// hold the role, with a position or an appointment it is the office, else it is
// the unit they belong to.
type Rule struct {
	Units     []uuid.UUID     `json:"units,omitempty"`     // with everything below them
	Except    []uuid.UUID     `json:"except,omitempty"`    // not in these, nor below them
	Roles     []identity.Role `json:"roles,omitempty"`     //
	Positions []string        `json:"positions,omitempty"` // words of the position, marks and case aside: "phó chủ tịch"
	Heads     bool            `json:"heads,omitempty"`     // only who heads their unit
	From      *time.Time      `json:"from,omitempty"`      // appointed on this day or later
	To        *time.Time      `json:"to,omitempty"`        // appointed on this day or earlier
	Done      []Ref           `json:"done,omitempty"`      // has completed all of these
	NotDone   []Ref           `json:"not_done,omitempty"`  // has completed none of these
}

// Ref names a course or a programme that somebody has or hasn't completed.
type Ref struct {
	Course  *uuid.UUID `json:"course,omitempty"`
	Program *uuid.UUID `json:"program,omitempty"`
}

// Post is something that somebody is at a unit: a role, an office, or a home.
type Post struct {
	UnitID   uuid.UUID
	Role     identity.Role // of a role
	Position string        // of an office
	Head     bool          // of an office
	From     time.Time     // of an office: the day of appointment
}

// Because is one clause that made somebody match, or the one for want of which
// they do not: the catalogue key of a sentence and what it speaks of.
type Because struct {
	Clause string // "role", "position", "head", "appointed", "home", "done", "not_done"; "lacks_…" of the same, "asleep"
	Unit   uuid.UUID
	Role   identity.Role
	Text   string    // a position
	Day    time.Time // of appointment
	Ref    Ref
}

// tree tells what lies above a unit, itself included.
type tree map[uuid.UUID][]uuid.UUID

func (t tree) below(unit uuid.UUID, any []uuid.UUID) bool {
	return slices.ContainsFunc(t[unit], func(above uuid.UUID) bool { return slices.Contains(any, above) })
}

// What is lacking, made once: most people match few programmes.
var (
	asleep      = []Because{{Clause: "asleep"}}
	lacksOffice = []Because{{Clause: "lacks_position"}}
	lacksRole   = []Because{{Clause: "lacks_role"}}
	lacksHome   = []Because{{Clause: "lacks_home"}}
)

// Matches tells whether a rule finds a person, at which unit, and why; when it
// does not, why says what is lacking. owner is the unit beyond whose subtree the
// programme does not reach; done tells what they hold.
func (r *Rule) Matches(owner uuid.UUID, f *Facts, above tree, done func(Ref) bool) (unit uuid.UUID, why []Because, ok bool) {
	if !f.Awake {
		return unit, asleep, false
	}
	post, why, ok := r.post(owner, f, above)
	if !ok {
		return unit, why, false
	}
	for _, ref := range r.Done {
		if !done(ref) {
			return unit, []Because{{Clause: "lacks_done", Ref: ref}}, false
		}
		why = append(why, Because{Clause: "done", Ref: ref})
	}
	for _, ref := range r.NotDone {
		if done(ref) {
			return unit, []Because{{Clause: "lacks_not_done", Ref: ref}}, false
		}
		why = append(why, Because{Clause: "not_done", Ref: ref})
	}
	return post.UnitID, why, true
}

// post finds the post by which a person is in the audience.
func (r *Rule) post(owner uuid.UUID, f *Facts, above tree) (found Post, why []Because, ok bool) {
	inside := func(post Post) bool {
		return above.below(post.UnitID, []uuid.UUID{owner}) &&
			(len(r.Units) == 0 || above.below(post.UnitID, r.Units)) && !above.below(post.UnitID, r.Except)
	}
	if f.Home != nil {
		found, ok = Post{UnitID: *f.Home}, inside(Post{UnitID: *f.Home})
	}
	asked := false
	if r.asksOffice() {
		asked = true
		i := slices.IndexFunc(f.Offices, func(p Post) bool { return r.office(p) && inside(p) })
		if i < 0 {
			return found, lacksOffice, false
		}
		found = f.Offices[i]
		why = append(why, r.whyOffice(found)...)
	}
	if len(r.Roles) > 0 {
		i := slices.IndexFunc(f.Roles, func(p Post) bool { return slices.Contains(r.Roles, p.Role) && inside(p) })
		if i < 0 {
			return found, lacksRole, false
		}
		why = append(why, Because{Clause: "role", Role: f.Roles[i].Role, Unit: f.Roles[i].UnitID})
		if !asked {
			found = f.Roles[i]
		}
		asked = true
	}
	if asked {
		return found, why, true
	}
	if !ok {
		return found, lacksHome, false
	}
	return found, []Because{{Clause: "home", Unit: found.UnitID}}, true
}

func (r *Rule) asksOffice() bool {
	return len(r.Positions) > 0 || r.Heads || r.From != nil || r.To != nil
}

// office tells whether an office is one that the rule asks for.
func (r *Rule) office(p Post) bool {
	switch {
	case r.Heads && !p.Head:
		return false
	case r.From != nil && p.From.Before(*r.From), r.To != nil && p.From.After(*r.To):
		return false
	}
	return len(r.Positions) == 0 || slices.ContainsFunc(r.Positions, func(words string) bool {
		return strings.Contains(org.Fold(p.Position), org.Fold(words))
	})
}

func (r *Rule) whyOffice(p Post) []Because {
	var why []Because
	if r.Heads {
		why = append(why, Because{Clause: "head", Unit: p.UnitID, Text: p.Position})
	} else {
		why = append(why, Because{Clause: "position", Unit: p.UnitID, Text: p.Position})
	}
	if r.From != nil || r.To != nil {
		why = append(why, Because{Clause: "appointed", Day: p.From})
	}
	return why
}
