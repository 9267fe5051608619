package identity_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/worldtest"
)

func nothingMore(context.Context, bun.Tx, *identity.Person) error { return nil }

func registration(w *worldtest.World) identity.Registration {
	return identity.Registration{
		ID: worldtest.ID(), FullName: "  Alăng  Thị Bé ", BirthYear: "1961", UnitID: w.Hamlets[2].ID, Phone: "+84 905 123 456",
		Consent: identity.Consent{How: identity.Spoken, Witness: "Hồ Văn Tư"},
	}
}

func TestARegistrationSentTwiceIsOnePerson(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	helper := w.Person(t, w.Communes[1], identity.TeamMember)
	r := registration(w)
	by := audit.By{ActorID: &helper.ID, Address: "203.0.113.9"}
	first, err := w.Identity.Register(ctx, by, r, nothingMore)
	must(t, err)
	again, err := w.Identity.Register(ctx, by, r, nothingMore)
	must(t, err)
	if first.ID != again.ID || *first.Code != *again.Code || first.FullName != "Alăng Thị Bé" || *first.Phone != "0905123456" {
		t.Errorf("first %+v, again %+v", first, again)
	}
	consents, err := identity.NewStore(w.DB).Consents(ctx, first.ID)
	must(t, err)
	consent := consents[identity.Learning]
	if len(consents) != 1 || consent == nil || consent.Witness != "Hồ Văn Tư" || *consent.RecordedBy != helper.ID {
		t.Errorf("consents %+v", consents)
	}
	var entries int
	must(t, w.DB.NewRaw("SELECT count(*) FROM audit_log WHERE subject_id = ?", first.ID).Scan(ctx, &entries))
	if entries != 2 { // the registration and the consent
		t.Errorf("%d entries in the audit log", entries)
	}
}

func TestWhatIsWrongWithARegistration(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	for name, test := range map[string]struct {
		change func(*identity.Registration)
		field  string
	}{
		"no name":              {func(r *identity.Registration) { r.FullName = " " }, "name"},
		"a number for a name":  {func(r *identity.Registration) { r.FullName = "0905123456" }, "name"},
		"a formula for a name": {func(r *identity.Registration) { r.FullName = "=1+1" }, "name"},
		"a year in the future": {func(r *identity.Registration) { r.BirthYear = "2190" }, "birth_year"},
		"a short phone":        {func(r *identity.Registration) { r.Phone = "0905 123" }, "phone"},
		"no consent":           {func(r *identity.Registration) { r.Consent.How = "" }, "consent"},
		"no witness":           {func(r *identity.Registration) { r.Consent.Witness = "" }, "witness"},
		"a child alone":        {func(r *identity.Registration) { r.BirthYear = "2015" }, "guardian"},
		"a common PIN":         {func(r *identity.Registration) { r.PIN = "123456" }, "pin"},
	} {
		r := registration(w)
		test.change(&r)
		_, err := w.Identity.Register(ctx, audit.By{}, r, nothingMore)
		if !fault.Is(err, fault.Invalid) || fault.FieldsOf(err)[test.field] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	var people int
	must(t, w.DB.NewRaw("SELECT count(*) FROM people").Scan(ctx, &people))
	if people != 0 {
		t.Errorf("%d people were made of wrong registrations", people)
	}
}

func TestSuspectedDuplicates(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	r := registration(w)
	_, err := w.Identity.Register(ctx, audit.By{}, r, nothingMore)
	must(t, err)
	scope := org.Scope{Units: []uuid.UUID{w.Province.ID}}
	for name, test := range map[string]struct {
		change func(*identity.Registration)
		found  bool
	}{
		"without diacritics":       {func(r *identity.Registration) { r.FullName, r.Phone = "alang thi be", "" }, true},
		"a year apart":             {func(r *identity.Registration) { r.BirthYear = "1962" }, true},
		"no year":                  {func(r *identity.Registration) { r.BirthYear = "" }, true},
		"another generation":       {func(r *identity.Registration) { r.BirthYear, r.Phone = "1990", "" }, false},
		"same year, same phone":    {func(r *identity.Registration) { r.FullName = "A Lăng Bé" }, true},
		"another name, same phone": {func(r *identity.Registration) { r.FullName, r.BirthYear = "Hồ Văn Tư", "1955" }, false},
	} {
		other := r
		other.ID = worldtest.ID()
		test.change(&other)
		suspects, err := identity.NewStore(w.DB).Suspects(ctx, scope, other, clock.System())
		if err != nil || (len(suspects) == 1) != test.found {
			t.Errorf("%s: %+v, %v", name, suspects, err)
		}
	}
	elsewhere := org.Scope{Units: []uuid.UUID{w.Communes[0].ID}}
	r.ID = worldtest.ID()
	if suspects, err := identity.NewStore(w.DB).Suspects(ctx, elsewhere, r, clock.System()); err != nil || len(suspects) != 0 {
		t.Errorf("shown to another commune: %+v, %v", suspects, err)
	}
}

func TestAHouseholdSharesAPhoneNumber(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	first, second := registration(w), registration(w)
	first.PIN, second.PIN, second.FullName = "482915", "739164", "Alăng Văn Nam"
	first.Consent.How, second.Consent.How = identity.BySelf, identity.BySelf
	for _, r := range []identity.Registration{first, second} {
		_, err := w.Identity.Register(ctx, audit.By{}, r, nothingMore)
		must(t, err)
	}
	entry, err := w.Identity.SignIn(ctx, identity.From{Address: "203.0.113.9"}, "0905.123.456", "482915")
	if err != nil || entry.PersonID != first.ID {
		t.Fatalf("the first by phone: %v", err)
	}
	if _, err := w.Identity.SignIn(ctx, identity.From{Address: "203.0.113.9"}, "0905123456", "739164"); !fault.Is(err, fault.Invalid) {
		t.Errorf("the second by the first's phone: %v", err)
	}
	person, err := identity.NewStore(w.DB).Person(ctx, second.ID)
	must(t, err)
	if entry, err := w.Identity.SignIn(ctx, identity.From{Address: "203.0.113.9"}, *person.Code, "739164"); err != nil || entry.PersonID != second.ID {
		t.Errorf("the second by their code: %v", err)
	}
}

func TestACardIsOnePersonsAndCanBeRevoked(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person := w.Person(t, w.Hamlets[0], identity.Resident)
	listed, err := identity.NewStore(w.DB).PersonIn(ctx, org.Scope{Units: []uuid.UUID{w.Province.ID}}, person.ID)
	must(t, err)
	make := func() string {
		cards, err := w.Identity.MakeCards(ctx, audit.By{}, []*identity.Listed{listed})
		must(t, err)
		return cards[0].Token
	}
	card, from := make(), identity.From{Address: "203.0.113.9"}
	entry, err := w.Identity.ChoosePictures(ctx, from, card, []int{3, 0, 11})
	if err != nil || entry.PersonID != person.ID {
		t.Fatalf("choose: %v", err)
	}
	if _, err := w.Identity.ChoosePictures(ctx, from, card, []int{1, 2, 3}); !fault.Is(err, fault.Conflict) {
		t.Errorf("chosen by another later: %v", err)
	}
	if _, err := w.Identity.SignInByCard(ctx, from, card, []int{0, 3, 11}); !fault.Is(err, fault.Invalid) {
		t.Errorf("another order: %v", err)
	}
	if _, err := w.Identity.SignInByCard(ctx, from, card, []int{3, 0, 11}); err != nil {
		t.Errorf("the right pictures: %v", err)
	}
	second := make()
	if _, err := w.Identity.SignInByCard(ctx, from, card, []int{3, 0, 11}); !fault.Is(err, fault.NotFound) {
		t.Errorf("the former card: %v", err)
	}
	must(t, w.Identity.RevokeCard(ctx, audit.By{}, listed))
	if _, err := w.Identity.SignInByCard(ctx, from, second, []int{3, 0, 11}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a revoked card: %v", err)
	}
}

func TestHelpIsWrittenDownAndEnds(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	now := &at{clock.System().Add(time.Minute)}
	service := identity.NewService(w.DB, now.now)
	helper, resident := w.Person(t, w.Communes[0], identity.TeamMember), w.Person(t, w.Hamlets[0], identity.Resident)
	entry, err := service.Begin(ctx, identity.From{}, helper.ID)
	must(t, err)
	viewer := func() *identity.Viewer {
		v, err := service.Viewer(ctx, entry.Session)
		must(t, err)
		return v
	}
	by := audit.By{ActorID: &helper.ID}
	stranger := w.Person(t, w.Hamlets[2], identity.Resident)
	if err := service.BeginAssist(ctx, viewer(), by, stranger.ID, identity.Helped); !fault.Is(err, fault.NotFound) {
		t.Errorf("beside somebody of another commune: %v", err)
	}
	official := w.Person(t, w.Communes[0], identity.Official)
	if err := service.BeginAssist(ctx, viewer(), by, official.ID, identity.Helped); !fault.Is(err, fault.Invalid) {
		t.Errorf("beside an official: %v", err)
	}
	must(t, service.BeginAssist(ctx, viewer(), by, resident.ID, identity.Helped))
	v := viewer()
	if v.PersonID != resident.ID || v.Assist == nil || v.Has(identity.TeamMember) || v.Actor().Support != identity.Helped || *v.Actor().HelperID != helper.ID {
		t.Errorf("beside a resident: %+v", v)
	}
	now.Time = now.Add(identity.AssistLife)
	if v := viewer(); v.PersonID != helper.ID || v.Assist != nil {
		t.Errorf("half an hour later: %+v", v)
	}
	must(t, service.BeginAssist(ctx, viewer(), by, resident.ID, identity.DoneFor))
	must(t, service.EndAssist(ctx, viewer(), by))
	if v := viewer(); v.PersonID != helper.ID || !v.Has(identity.TeamMember) {
		t.Errorf("after its end: %+v", v)
	}
}

func TestOnlyIndependentWorkCounts(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	helper, learner := w.Person(t, w.Communes[0], identity.TeamMember), w.Learner(t, w.Hamlets[0])
	helped := identity.Actor{PersonID: learner.ID, UnitID: learner.HomeUnitID, Support: identity.Helped, HelperID: &helper.ID}
	for _, lesson := range w.Course.Lessons {
		_, err := w.Courses.FinishLesson(ctx, helped, worldtest.Slug, lesson.Slug)
		must(t, err)
	}
	w.Submit(t, learner, worldtest.Questions)
	w.Settle(t)
	state := func() (completed, independent bool) {
		progress, err := w.Courses.Progress(ctx, learner.ID, worldtest.Slug)
		must(t, err)
		return progress.Enrolment.CompletedAt != nil, progress.Enrolment.IndependentAt != nil
	}
	if completed, independent := state(); !completed || independent {
		t.Errorf("with help: completed %v, independent %v", completed, independent)
	}
	w.ReadAll(t, learner)
	if _, independent := state(); !independent {
		t.Error("every lesson read again alone does not count")
	}
	if _, err := w.Courses.FinishLesson(ctx, helped, worldtest.Slug, "bai-1"); err != nil {
		t.Fatal(err)
	}
	if _, independent := state(); !independent {
		t.Error("help afterwards takes back what was done alone")
	}
}

func TestNobodyTakesOverAnAccountAboveTheirOwn(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	sees := func(role identity.Role, at *org.Unit) *identity.Viewer {
		viewer, err := w.Identity.Viewer(ctx, w.SignIn(t, w.Person(t, at, role)))
		must(t, err)
		return viewer
	}
	for _, test := range []struct {
		viewer identity.Role
		of     identity.Role
		may    bool
	}{
		{identity.Coordinator, identity.Resident, true}, {identity.Coordinator, identity.TeamMember, true},
		{identity.Coordinator, identity.Official, false}, {identity.Coordinator, identity.Coordinator, false}, {identity.Coordinator, identity.ProvinceAdmin, false},
		{identity.UnitHead, identity.Coordinator, true}, {identity.UnitHead, identity.Official, true}, {identity.UnitHead, identity.UnitHead, false},
		{identity.ProvinceAdmin, identity.UnitHead, true}, {identity.ProvinceAdmin, identity.Operator, false},
		{identity.TeamMember, identity.Resident, false}, {identity.Resident, identity.Resident, false},
	} {
		person := w.Person(t, w.Communes[0], identity.Resident, test.of)
		may, err := w.Identity.MayManage(ctx, sees(test.viewer, w.Communes[0]), person.ID)
		if err != nil || may != test.may {
			t.Errorf("%s manages %s: %v, %v", test.viewer, test.of, may, err)
		}
	}
}
