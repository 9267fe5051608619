package learner_test

import (
	"testing"
	"time"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/learner"
	"hocso/internal/platform/fault"
	"hocso/internal/worldtest"
)

var pictures = []int{1, 2, 3}

// card gives somebody a card with pictures and gives its token.
func card(t *testing.T, w *worldtest.World, person *identity.Person, chosen []int) (token string) {
	t.Helper()
	listed, err := identity.NewStore(w.DB).PersonIn(ctx, everywhere(w), person.ID)
	must(t, err)
	cards, err := w.Identity.MakeCards(ctx, audit.By{}, []*identity.Listed{listed})
	must(t, err)
	_, err = w.Identity.ChoosePictures(ctx, identity.From{}, cards[0].Token, chosen)
	must(t, err)
	return cards[0].Token
}

func TestACardKeepsWorking(t *testing.T) {
	t.Parallel()
	other := []int{4, 5, 6}
	for name, c := range map[string]struct {
		kept   func(*testing.T, *worldtest.World, *identity.Person)
		works  bool  // after merging
		others []int // pictures of a card that kept had before
	}{
		"kept has nothing": {func(*testing.T, *worldtest.World, *identity.Person) {}, true, nil},
		"kept has a PIN": {func(t *testing.T, w *worldtest.World, p *identity.Person) {
			must(t, w.Identity.SetPIN(ctx, w.DB, p.ID, "482915"))
		}, true, nil},
		"kept has a password": {func(t *testing.T, w *worldtest.World, p *identity.Person) {
			must(t, w.Identity.SetPassword(ctx, w.DB, p.ID, "kept.name", "mat khau dai"))
		}, true, nil},
		"kept is in a team":     {func(t *testing.T, w *worldtest.World, p *identity.Person) { give(t, w, p, identity.TeamMember, nil) }, true, nil},
		"kept is an official":   {func(t *testing.T, w *worldtest.World, p *identity.Person) { give(t, w, p, identity.Official, nil) }, false, nil},
		"kept is a coordinator": {func(t *testing.T, w *worldtest.World, p *identity.Person) { give(t, w, p, identity.Coordinator, nil) }, false, nil},
		"kept was an official": {func(t *testing.T, w *worldtest.World, p *identity.Person) {
			ended := time.Now().Add(-time.Hour)
			give(t, w, p, identity.Official, &ended)
		}, true, nil},
		"kept lost a card": {func(t *testing.T, w *worldtest.World, p *identity.Person) {
			card(t, w, p, other)
			must(t, w.Identity.RevokeCard(ctx, audit.By{}, &identity.Listed{Person: *p}))
		}, true, other},
		"kept has a card": {func(t *testing.T, w *worldtest.World, p *identity.Person) { card(t, w, p, other) }, false, other},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldtest.New(t)
			kept, merged := pair(t, w)
			c.kept(t, w, kept)
			token := card(t, w, merged, pictures)
			before := secrets(t, w, kept)
			m := join(t, w, kept, merged)
			entry, err := w.Identity.SignInByCard(ctx, identity.From{}, token, pictures)
			if works := err == nil && entry.PersonID == kept.ID; works != c.works || err != nil && !fault.Is(err, fault.NotFound) {
				t.Errorf("after merging: %+v, %v", entry, err)
			}
			must(t, w.Records.Unmerge(ctx, kept.ID, m.ID, audit.By{}))
			if entry, err := w.Identity.SignInByCard(ctx, identity.From{}, token, pictures); err != nil || entry.PersonID != merged.ID {
				t.Errorf("after undoing: %+v, %v", entry, err)
			}
			if after := secrets(t, w, kept); after != before {
				t.Errorf("kept proves themselves with %s, before %s", after, before)
			}
		})
	}
}

// secrets writes down what somebody proves themselves with.
func secrets(t *testing.T, w *worldtest.World, p *identity.Person) (all string) {
	t.Helper()
	must(t, w.DB.NewRaw(`SELECT concat_ws(' ', (SELECT concat_ws(' ', 'password', password_hash, 'PIN', pin_hash, 'pictures', pictures_hash, temporary) FROM accounts WHERE person_id = ?0),
		(SELECT count(*) FROM sign_in_cards WHERE person_id = ?0 AND revoked_at IS NULL))`, p.ID).Scan(ctx, &all))
	return all
}

func give(t *testing.T, w *worldtest.World, p *identity.Person, role identity.Role, ends *time.Time) {
	t.Helper()
	must(t, identity.NewStore(w.DB).AddGrants(ctx, &identity.Grant{
		ID: worldtest.ID(), PersonID: p.ID, Role: role, UnitID: w.Communes[0].ID, StartsAt: time.Now().Add(-2 * time.Hour), EndsAt: ends,
	}))
}

// TestStaffProveThemselvesAsBefore: whatever way roles and secrets meet, neither
// pictures nor another record's PIN opens a record with a staff role.
func TestStaffProveThemselvesAsBefore(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	kept, merged := pair(t, w)
	give(t, w, kept, identity.UnitHead, nil)
	must(t, w.Identity.SetPassword(ctx, w.DB, kept.ID, "head", "mat khau dai"))
	must(t, w.Identity.SetPIN(ctx, w.DB, merged.ID, "482915"))
	must(t, w.Identity.SetLogin(ctx, w.DB, &identity.Login{Login: "0912345678", PersonID: merged.ID, Kind: identity.LoginPhone}))
	join(t, w, kept, merged)
	if _, err := w.Identity.SignIn(ctx, identity.From{}, "0912345678", "482915"); !fault.Is(err, fault.Invalid) {
		t.Errorf("the other record's PIN: %v", err)
	}
	if entry, err := w.Identity.SignIn(ctx, identity.From{}, "0912345678", "mat khau dai"); err != nil || entry.PersonID != kept.ID {
		t.Errorf("their own password: %+v, %v", entry, err)
	}

	resident, official := pair(t, w)
	token := card(t, w, resident, pictures)
	entry, err := w.Identity.SignInByCard(ctx, identity.From{Listed: true}, token, pictures)
	must(t, err)
	give(t, w, official, identity.Official, nil)
	m := join(t, w, resident, official)
	key, err := identity.PictureKey(pictures)
	must(t, err)
	if _, err := w.Identity.SignInByCard(ctx, identity.From{}, token, pictures); !fault.Is(err, fault.NotFound) {
		t.Errorf("their card, with the other record's role: %v", err)
	}
	if _, err := w.Identity.SignInOnDevice(ctx, identity.From{Device: entry.Device}, resident.ID, key); !fault.Is(err, fault.Invalid) {
		t.Errorf("their pictures on a phone: %v", err)
	}
	must(t, w.Records.Unmerge(ctx, resident.ID, m.ID, audit.By{}))
	if _, err := w.Identity.SignInByCard(ctx, identity.From{}, token, pictures); err != nil {
		t.Errorf("their card, without the role: %v", err)
	}
}

// TestASecretChosenSinceStays, as does the merged record's own.
func TestASecretChosenSinceStays(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	kept, merged := pair(t, w)
	must(t, w.Identity.SetPIN(ctx, w.DB, merged.ID, "482915"))
	former := secrets(t, w, merged)
	m := join(t, w, kept, merged)
	must(t, w.Identity.SetPIN(ctx, w.DB, kept.ID, "739264"))
	chosen := secrets(t, w, kept)
	must(t, w.Records.Unmerge(ctx, kept.ID, m.ID, audit.By{}))
	if secrets(t, w, kept) != chosen || secrets(t, w, merged) != former {
		t.Errorf("kept %s, merged %s", secrets(t, w, kept), secrets(t, w, merged))
	}
}

func TestDevicesGoAlongAndComeBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		since        func(*testing.T, *worldtest.World, *identity.Person, string)
		kept, merged int // devices after undoing
	}{
		"nothing since": {func(*testing.T, *worldtest.World, *identity.Person, string) {}, 0, 1},
		"signed in since": {func(t *testing.T, w *worldtest.World, p *identity.Person, device string) {
			entry, err := w.Identity.SignInOnDevice(ctx, identity.From{Device: device}, p.ID, "482915") // with the PIN that came along
			if err != nil || entry.PersonID != p.ID {
				t.Errorf("signs in there: %+v, %v", entry, err)
			}
		}, 1, 1},
		"forgotten since": {func(t *testing.T, w *worldtest.World, p *identity.Person, device string) {
			must(t, w.Identity.ForgetOnDevice(ctx, device, p.ID))
		}, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldtest.New(t)
			kept, merged := pair(t, w)
			must(t, w.Identity.SetPIN(ctx, w.DB, merged.ID, "482915"))
			entry, err := w.Identity.Begin(ctx, identity.From{Listed: true}, merged.ID)
			must(t, err)
			devices := func(p *identity.Person) int { return count(t, w, "device_people WHERE person_id = ?", p.ID) }
			m := join(t, w, kept, merged)
			offered, err := w.Identity.OnDevice(ctx, entry.Device)
			must(t, err)
			if len(offered) != 1 || offered[0].PersonID != kept.ID {
				t.Errorf("the device offers %+v", offered)
			}
			c.since(t, w, kept, entry.Device)
			must(t, w.Records.Unmerge(ctx, kept.ID, m.ID, audit.By{}))
			if devices(kept) != c.kept || devices(merged) != c.merged {
				t.Errorf("kept is on %d devices, merged on %d", devices(kept), devices(merged))
			}
		})
	}
}

// TestRolesComeAlong, but neither a resident's nor what is over, and none twice.
func TestRolesComeAlong(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	kept, merged := pair(t, w)
	over, later := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	give(t, w, kept, identity.Official, &over) // over at kept's: merged's comes
	give(t, w, merged, identity.Official, nil)
	give(t, w, kept, identity.TeamMember, nil) // has it
	give(t, w, merged, identity.TeamMember, nil)
	give(t, w, kept, identity.Coordinator, &later) // has it for less long
	give(t, w, merged, identity.Coordinator, nil)
	give(t, w, merged, identity.Editor, &over)
	held := func(p *identity.Person) map[identity.Role]int {
		grants, err := identity.NewStore(w.DB).GrantsOf(ctx, p.ID, time.Now())
		must(t, err)
		roles := map[identity.Role]int{}
		for _, grant := range grants {
			roles[grant.Role]++
		}
		return roles
	}
	keptBefore, mergedBefore := held(kept), held(merged)
	m := join(t, w, kept, merged)
	for role, n := range map[identity.Role]int{identity.Resident: 1, identity.Official: 1, identity.TeamMember: 1, identity.Coordinator: 2, identity.Editor: 0} {
		if got := held(kept)[role]; got != n {
			t.Errorf("holds %s %d times, want %d", role, got, n)
		}
	}
	must(t, w.Records.Unmerge(ctx, kept.ID, m.ID, audit.By{}))
	for role, n := range keptBefore {
		if held(kept)[role] != n || held(merged)[role] != mergedBefore[role] {
			t.Errorf("after undoing: kept %v, merged %v", held(kept), held(merged))
		}
	}
}

// TestNobodyActsAsTheMergedRecord: its sessions end, a sign-in that was under
// way reaches nobody, and who helped is themselves again.
func TestNobodyActsAsTheMergedRecord(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*testing.T, *worldtest.World, *identity.Person, *identity.Person){
		"merging": func(t *testing.T, w *worldtest.World, kept, merged *identity.Person) { join(t, w, kept, merged) },
		"erasing": func(t *testing.T, w *worldtest.World, _, merged *identity.Person) { must(t, erase(w, merged.ID)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldtest.New(t)
			kept, merged := pair(t, w)
			helper := w.Person(t, w.Communes[0], identity.TeamMember)
			token, own := w.SignIn(t, helper), w.SignIn(t, merged)
			viewer, err := w.Identity.Viewer(ctx, token)
			must(t, err)
			must(t, w.Identity.BeginAssist(ctx, viewer, audit.By{}, merged.ID, identity.Helped))
			end(t, w, kept, merged)
			late := w.SignIn(t, merged)
			if viewer, err := w.Identity.Viewer(ctx, token); err != nil || viewer == nil || viewer.PersonID != helper.ID || viewer.Assist != nil {
				t.Errorf("the helper acts as %+v, %v", viewer, err)
			}
			for _, session := range []string{own, late} {
				if viewer, err := w.Identity.Viewer(ctx, session); err != nil || viewer != nil {
					t.Errorf("the merged record acts: %+v, %v", viewer, err)
				}
			}
			if n := count(t, w, "assists WHERE ends_at > now() + interval '1 minute' AND person_id = ?", merged.ID); n != 0 {
				t.Errorf("%d assists go on", n)
			}
		})
	}
}

func TestACorrectionComesAlong(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	kept, merged := pair(t, w)
	must(t, asks(t, w, merged, learner.Correction))
	m := join(t, w, kept, merged)
	asked := func(p *identity.Person) int {
		requests, err := w.Records.Requests(ctx, p.ID)
		must(t, err)
		return len(requests)
	}
	if asked(kept) != 1 {
		t.Errorf("kept has %d requests", asked(kept))
	}
	must(t, w.Records.Unmerge(ctx, kept.ID, m.ID, audit.By{}))
	if asked(kept) != 0 || asked(merged) != 1 {
		t.Errorf("kept has %d requests, merged %d", asked(kept), asked(merged))
	}
}

// TestBothUnitsReadOfAMerge in the log: each of its own record.
func TestBothUnitsReadOfAMerge(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	kept, merged := pair(t, w)
	m := join(t, w, kept, merged)
	must(t, w.Records.Unmerge(ctx, kept.ID, m.ID, audit.By{}))
	for _, p := range []*identity.Person{kept, merged} {
		for _, action := range []audit.Action{audit.PersonMerge, audit.PersonUnmerge} {
			n, err := w.DB.NewSelect().TableExpr("audit_log").Where("action = ?", action).Where("subject_id = ?", p.ID).Where("unit_id = ?", p.HomeUnitID).Count(ctx)
			if err != nil || n != 1 {
				t.Errorf("%s of kept %v: %d entries, %v", action, p == kept, n, err)
			}
		}
	}
}
