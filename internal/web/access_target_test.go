package web

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/certificate"
	"hocso/internal/identity"
	"hocso/internal/learner"
	"hocso/internal/org"
	"hocso/internal/platform/shortcode"
	"hocso/internal/roster"
	"hocso/internal/worldtest"
)

// target is what a route is aimed at: a resident of a unit, with whatever
// stands below their page. A new one for each question, as many questions
// change it.
type target struct {
	w      *worldtest.World
	unit   *org.Unit
	person *identity.Person
	issued string // the record of completion, once one was asked for
}

func newTarget(t *testing.T, w *worldtest.World, unit *org.Unit) *target {
	t.Helper()
	// Questions by the hundred from one address would be held up.
	if _, err := w.DB.ExecContext(t.Context(), "DELETE FROM sign_in_guesses"); err != nil {
		t.Fatal(err)
	}
	return &target{w: w, unit: unit, person: w.Person(t, unit, identity.Resident)}
}

// fill puts the target's ids in place of {person}, {unit} … in a path and a form.
func (x *target) fill(t *testing.T, e expect) (string, url.Values) {
	t.Helper()
	path, form := x.text(t, e.path), url.Values{}
	for name, values := range e.form {
		for _, value := range values {
			form.Add(name, x.text(t, value))
		}
	}
	return path, form
}

func (x *target) text(t *testing.T, s string) string {
	t.Helper()
	for _, made := range []struct {
		name string
		make func(*testing.T) string
	}{
		{"{id}", func(*testing.T) string { return worldtest.ID().String() }},
		{"{person}", func(*testing.T) string { return x.person.ID.String() }},
		{"{unit}", func(*testing.T) string { return x.unit.Code }},
		{"{role}", x.grant}, {"{position}", x.position}, {"{card}", x.card}, {"{join}", x.joinCode}, {"{attempt}", x.attempt}, {"{merge}", x.merge}, {"{import}", x.rosterImport}, {"{request}", x.request},
		{"{program}", x.program}, {"{case}", x.programCase}, {"{external}", x.external}, {"{proof}", x.proof}, {"{decision}", x.decision},
		{"{record}", x.record}, {"{code}", x.code}, {"{print}", x.printed},
		{"{notice}", x.notice}, {"{calendar}", x.calendar},
	} {
		if strings.Contains(s, made.name) {
			s = strings.ReplaceAll(s, made.name, made.make(t))
		}
	}
	return s
}

func (x *target) grant(t *testing.T) string {
	grants, err := identity.NewStore(x.w.DB).GrantsOf(context.Background(), x.person.ID, time.Now())
	if err != nil || len(grants) == 0 {
		t.Fatalf("roles: %v, %v", grants, err)
	}
	return grants[0].ID.String()
}

func (x *target) position(t *testing.T) string {
	a := &identity.Appointment{PersonID: x.person.ID, UnitID: x.unit.ID, Position: "Chuyên viên"}
	must(t, x.w.Identity.Appoint(context.Background(), audit.By{}, a))
	return a.ID.String()
}

func (x *target) card(t *testing.T) string {
	person, err := identity.NewStore(x.w.DB).PersonIn(context.Background(), org.Scope{Units: []uuid.UUID{x.unit.ID}}, x.person.ID)
	must(t, err)
	cards, err := x.w.Identity.MakeCards(context.Background(), audit.By{}, []*identity.Listed{person})
	must(t, err)
	return cards[0].Token
}

func (x *target) joinCode(t *testing.T) string {
	code, err := x.w.Identity.MakeJoinCode(context.Background(), audit.By{ActorID: &x.person.ID}, x.unit.ID, "", time.Hour)
	must(t, err)
	return code.Code
}

func (x *target) attempt(t *testing.T) string {
	_, err := x.w.Courses.Enrol(context.Background(), worldtest.Alone(x.person), worldtest.Slug)
	must(t, err)
	return x.w.Submit(t, x.person, 5).ID.String()
}

func (x *target) merge(t *testing.T) string {
	merge, err := x.w.Records.Merge(context.Background(), x.person.ID, x.w.Person(t, x.unit, identity.Resident).ID, audit.By{})
	must(t, err)
	return merge.ID.String()
}

func (x *target) rosterImport(t *testing.T) string {
	i, err := x.w.Roster.Begin(context.Background(), audit.By{}, roster.Upload{
		Unit: x.unit, Kind: roster.Residents, Mode: roster.Add, Name: "ds.csv", Raw: []byte("Họ và tên;Năm sinh\nHồ Văn Tư;1961\n" + worldtest.ID().String() + ";1950"),
		Manages: []identity.Role{identity.Resident},
	})
	must(t, err)
	for range 3 { // read, check, resolve
		_, err = x.w.Roster.WorkDue(context.Background())
		must(t, err)
	}
	return i.ID.String()
}

func (x *target) request(t *testing.T) string {
	viewer := &identity.Viewer{PersonID: x.person.ID, HomeUnitID: x.person.HomeUnitID}
	must(t, x.w.Records.Ask(context.Background(), viewer, audit.By{}, learner.Correction, "Năm sinh của tôi là 1961"))
	requests, err := x.w.Records.Requests(context.Background(), x.person.ID)
	must(t, err)
	return requests[0].ID.String()
}

// insert adds a row and gives its id.
func (x *target) insert(t *testing.T, query string, args ...any) string {
	id := worldtest.ID()
	_, err := x.w.DB.NewRaw(query, append([]any{id}, args...)...).Exec(t.Context())
	must(t, err)
	return id.String()
}

func (x *target) program(t *testing.T) string {
	return x.insert(t, `INSERT INTO programs (id, owner_id, state, definition, revision, made_at, published_at)
		VALUES (?, ?, 'published', '{"title": "Học", "rhythm": "once", "audience": {"positions": ["không ai"]}}', 1, now(), now())`, x.unit.ID)
}

func (x *target) programCase(t *testing.T) string {
	return x.insert(t, `INSERT INTO program_assignments (id, program_id, person_id, unit_id, state, since, joined_on, cycle, due_on, steps, done, minutes)
		VALUES (?, ?, ?, ?, 'overdue', '2026-01-01', '2026-01-01', 1, '2026-02-01', 1, 0, 0)`, x.program(t), x.person.ID, x.unit.ID)
}

func (x *target) external(t *testing.T) string {
	return x.insert(t, `INSERT INTO external_certificates (id, person_id, title, issuer, issued_on, minutes, link, state, made_at)
		VALUES (?, ?, 'Khóa', 'One Touch', '2026-01-01', 45, 'https://example.vn', 'waiting', now())`, x.person.ID)
}

func (x *target) file(t *testing.T) string {
	return x.insert(t, "INSERT INTO program_files (id, name, mime, bytes, made_at) VALUES (?, 'a.pdf', 'application/pdf', '%PDF-', now())")
}

func (x *target) proof(t *testing.T) string {
	id := x.file(t)
	x.insert(t, `INSERT INTO external_certificates (id, person_id, title, issuer, issued_on, minutes, file_id, state, made_at)
		VALUES (?, ?, 'Khóa', 'One Touch', '2026-01-01', 45, ?, 'waiting', now())`, x.person.ID, id)
	return id
}

func (x *target) decision(t *testing.T) string {
	id := x.file(t)
	x.insert(t, `INSERT INTO programs (id, owner_id, state, definition, revision, made_at, published_at)
		VALUES (?, ?, 'published', jsonb_build_object('title', 'Học', 'rhythm', 'once', 'decision', jsonb_build_object('file_id', ?::text)), 1, now(), now())`, x.unit.ID, id)
	return id
}

// record issues one to the target, who belongs to the unit.
func (x *target) record(t *testing.T) string {
	_, err := x.w.DB.NewRaw("INSERT INTO certificate_templates (unit_id, revision, design, made_at) VALUES (?, 1, ?, now()) ON CONFLICT DO NOTHING",
		x.w.Province.ID, certificate.FirstDesign(x.w.Province.Name)).Exec(t.Context())
	must(t, err)
	if x.issued == "" { // nobody has two of one course
		x.issued = x.insert(t, `INSERT INTO certificates (id, code, person_id, unit_id, province_id, template, course_id, facts, completed_on, issued_at)
			VALUES (?, ?, ?, ?, ?, 1, ?, '{"name": "Hồ Thị Nguyệt", "title": "Dùng Internet"}', '2026-01-01', now())`,
			shortcode.New(), x.person.ID, x.unit.ID, x.w.Province.ID, x.w.Course.CourseID)
	}
	return x.issued
}

func (x *target) code(t *testing.T) string {
	var code string
	must(t, x.w.DB.NewRaw("SELECT code FROM certificates WHERE id = ?", x.record(t)).Scan(t.Context(), &code))
	return code
}

// printed is a file that the target ordered.
func (x *target) printed(t *testing.T) string {
	return x.insert(t, `INSERT INTO certificate_prints (id, unit_id, made_by, made_at, site, records, ends_at)
		VALUES (?, ?, ?, now(), 'http://x', ARRAY[?::uuid], now() + interval '1 hour')`, x.unit.ID, x.person.ID, x.record(t))
}

func (x *target) notice(t *testing.T) string {
	return x.insert(t, "INSERT INTO notices (id, person_id, kind, occasion, link, made_at) VALUES (?, ?, 'program-due', 'due', '/me/programs', now())", x.person.ID)
}

func (x *target) calendar(t *testing.T) string {
	token, err := x.w.Notices.NewFeed(context.Background(), audit.By{}, x.person.ID)
	must(t, err)
	return token
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
