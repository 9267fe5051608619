package identity_test

import (
	"testing"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/platform/fault"
	"hocso/internal/worldtest"
)

// TestTheLastAdministratorKeepsTheRole and stays unsuspended: who can't come in
// stands in for nobody.
func TestTheLastAdministratorKeepsTheRole(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		other string // what is done to the other administrator
		stays bool
	}{
		"another":         {"UPDATE people SET full_name = full_name WHERE id = ?", false},
		"a merged one":    {"UPDATE people SET merged_into = (SELECT max(p.id::text)::uuid FROM people p WHERE p.id <> people.id) WHERE id = ?", true},
		"an erased one":   {"UPDATE people SET erased_at = now() WHERE id = ?", true},
		"a suspended one": {"UPDATE people SET suspended_at = now() WHERE id = ?", true},
		"one by loan":     {"UPDATE role_grants SET delegated = true WHERE person_id = ?", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldtest.New(t)
			other, admin := w.Person(t, w.Province, identity.ProvinceAdmin), w.Person(t, w.Province, identity.ProvinceAdmin)
			run(t, w, test.other, other.ID)
			grants, err := identity.NewStore(w.DB).GrantsOf(ctx, admin.ID, admin.CreatedAt)
			must(t, err)
			viewer := &identity.Viewer{PersonID: other.ID, Grants: []identity.Grant{{Role: identity.ProvinceAdmin, UnitID: w.Province.ID}}}
			suspended := w.Identity.Suspend(ctx, viewer, audit.By{}, &identity.Listed{Person: *admin})
			if fault.Is(suspended, fault.Invalid) != test.stays {
				t.Errorf("suspending: %v", suspended)
			}
			run(t, w, "UPDATE people SET suspended_at = NULL WHERE id = ?", admin.ID)
			if err := w.Identity.Take(ctx, viewer, audit.By{}, admin.ID, grants[0].ID); fault.Is(err, fault.Invalid) != test.stays {
				t.Errorf("taking the role: %v", err)
			}
		})
	}
}

// TestACardSleepsWhileItsHolderIsStaff, wherever the role came from.
func TestACardSleepsWhileItsHolderIsStaff(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person := w.Person(t, w.Hamlets[0], identity.Resident, identity.TeamMember)
	cards, err := w.Identity.MakeCards(ctx, audit.By{}, []*identity.Listed{{Person: *person}})
	must(t, err)
	pictures := []int{1, 2, 3}
	entry, err := w.Identity.ChoosePictures(ctx, identity.From{Listed: true}, cards[0].Token, pictures)
	must(t, err)
	key, err := identity.PictureKey(pictures)
	must(t, err)
	signsIn := func() (card, device bool) {
		_, err := w.Identity.SignInByCard(ctx, identity.From{}, cards[0].Token, pictures)
		_, onDevice := w.Identity.SignInOnDevice(ctx, identity.From{Device: entry.Device}, person.ID, key)
		offered, lookErr := w.Identity.OnDevice(ctx, entry.Device)
		must(t, lookErr)
		if len(offered) != 1 || offered[0].Card != (onDevice == nil) {
			t.Errorf("offered as %+v", offered)
		}
		return err == nil, onDevice == nil
	}
	if card, device := signsIn(); !card || !device {
		t.Errorf("as a team member: card %v, device %v", card, device)
	}
	must(t, identity.NewStore(w.DB).AddGrants(ctx, &identity.Grant{ID: worldtest.ID(), PersonID: person.ID, Role: identity.Official, UnitID: w.Communes[0].ID, StartsAt: person.CreatedAt}))
	if card, device := signsIn(); card || device {
		t.Errorf("as an official: card %v, device %v", card, device)
	}
	run(t, w, "UPDATE role_grants SET ends_at = now() WHERE role = 'official' AND person_id = ?", person.ID)
	if card, device := signsIn(); !card || !device {
		t.Errorf("an official no more: card %v, device %v", card, device)
	}
}
