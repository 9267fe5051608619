// Package identity owns people, accounts, sign-in, sessions and the roles that
// people hold at units.
//
// It must never keep a password or a session token that could be used by
// somebody who reads the database, and never log personal data.
package identity

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/org"
	"hocso/internal/platform/shortcode"
)

// Role is what somebody may do, at a unit and everything below it.
type Role string

// The roles.
const (
	Resident      Role = "resident"
	Official      Role = "official"
	TeamMember    Role = "team-member"
	Coordinator   Role = "coordinator"
	UnitHead      Role = "unit-head"
	Editor        Role = "editor"
	ProvinceAdmin Role = "province-admin"
	Operator      Role = "operator"
)

// Roles lists every role, in the order in which pages show them.
var Roles = []Role{Resident, Official, TeamMember, Coordinator, UnitHead, Editor, ProvinceAdmin, Operator}

// Person is somebody the platform knows. It holds as little as it can: no
// identity number, no address below the hamlet (Luật 91/2025/QH15).
type Person struct {
	bun.BaseModel `bun:"table:people,alias:p"`

	ID           uuid.UUID `bun:",pk,type:uuid"`
	FullName     string
	BirthYear    *int
	HomeUnitID   *uuid.UUID `bun:",type:uuid"` // commune, hamlet or agency; nil for a guest
	Code         *string    // the learner's own code, see package shortcode
	Phone        *string    // ten digits from 0; a household may share one
	Email        *string    // officials
	StaffCode    *string    // an official's number at their agency
	Search       string     // the name folded, see org.Fold; AddPeople fills it in
	SuspendedAt  *time.Time
	CreatedAt    time.Time
	RegisteredAt *time.Time // nil for a guest
	ErasedAt     *time.Time
	MergedInto   *uuid.UUID `bun:",type:uuid"` // the same person's record that counts
}

// complete fills in what follows from the rest: the name as it is searched,
// and a code for whoever is registered.
func (p *Person) complete() {
	p.Search = org.Fold(p.FullName)
	if p.RegisteredAt != nil && p.Code == nil {
		code := shortcode.New()
		p.Code = &code
	}
}

// Grant is a role held at a unit.
type Grant struct {
	bun.BaseModel `bun:"table:role_grants,alias:g"`

	ID        uuid.UUID `bun:",pk,type:uuid"`
	PersonID  uuid.UUID
	Role      Role
	UnitID    uuid.UUID
	StartsAt  time.Time
	EndsAt    *time.Time // nil while it lasts
	GrantedBy *uuid.UUID `bun:",type:uuid"` // nil from the command line
	Delegated bool       // lent by somebody who holds it

	UnitCode string `bun:",scanonly"`
	UnitName string `bun:",scanonly"`
}

// Viewer is the person behind a request, with the roles that hold now.
type Viewer struct {
	PersonID   uuid.UUID
	FullName   string     // "" for a guest
	HomeUnitID *uuid.UUID // nil for a guest
	HomeUnit   string     // its name
	Guest      bool       // learns on this device without having told who they are
	Temporary  bool       // signed in with a secret that was handed out: has to choose their own first
	SessionID  uuid.UUID
	Assist     *Assist // somebody acts beside them; nil when they are alone
	Unread     int     // notices that they have not read; 100 stands for that many or more
	Grants     []Grant // none but a resident's while somebody acts beside them
}

// Assist is help that somebody gives for a short time, under a visible banner.
type Assist struct {
	HelperID   uuid.UUID
	HelperName string
	Support    Support // Helped or DoneFor
	EndsAt     time.Time
}

// Actor is the viewer as who does something.
func (v *Viewer) Actor() Actor {
	actor := Alone(v.PersonID, v.HomeUnitID)
	if v.Assist != nil {
		actor.Support, actor.HelperID = v.Assist.Support, &v.Assist.HelperID
	}
	return actor
}

// Has tells whether the viewer holds one of the roles anywhere.
func (v *Viewer) Has(roles ...Role) bool { return !v.Scope(roles...).Empty() }

// Scope gathers the units at which the viewer holds one of the roles. A nil
// viewer reaches nothing.
func (v *Viewer) Scope(roles ...Role) org.Scope {
	var scope org.Scope
	if v == nil {
		return scope
	}
	for _, grant := range v.Grants {
		if slices.Contains(roles, grant.Role) {
			scope.Units = append(scope.Units, grant.UnitID)
		}
	}
	return scope
}
