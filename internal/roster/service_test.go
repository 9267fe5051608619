package roster_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/internal/roster"
	"hocso/internal/worldtest"
)

var (
	ctx      = context.Background()
	managers = []identity.Role{identity.Resident, identity.TeamMember, identity.Official}
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// send takes a list in and lets the worker read and check it.
func send(t *testing.T, w *worldtest.World, unit *org.Unit, kind roster.Kind, mode roster.Mode, raw []byte) *roster.Import {
	t.Helper()
	i, err := w.Roster.Begin(ctx, audit.By{}, roster.Upload{Unit: unit, Kind: kind, Mode: mode, Name: "danh sách.xlsx", Raw: raw, Manages: managers})
	must(t, err)
	drain(t, w)
	return find(t, w, i)
}

func drain(t *testing.T, w *worldtest.World) {
	t.Helper()
	for {
		n, err := w.Roster.WorkDue(ctx)
		must(t, err)
		if n == 0 {
			return
		}
	}
}

func find(t *testing.T, w *worldtest.World, i *roster.Import) *roster.Import {
	t.Helper()
	found, err := roster.NewStore(w.DB).Import(ctx, org.Scope{Units: []uuid.UUID{w.Province.ID}}, i.ID)
	must(t, err)
	return found
}

func people(t *testing.T, w *worldtest.World) (n int) {
	t.Helper()
	must(t, w.DB.NewRaw("SELECT count(*) FROM people WHERE suspended_at IS NULL").Scan(ctx, &n))
	return n
}

const residents = "DANH SÁCH;;;\n;;;\nSTT;HỌ VÀ TÊN;Ngày sinh;SĐT;Thôn\n1;HỒ VĂN TƯ;12/3/1958;905111222;Thôn 1\n2;Alăng Thị Bé;1961;+84 905 333 444;thon 2\n"

func TestAListIsTakenOverOnce(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	i := send(t, w, w.Communes[1], roster.Residents, roster.Add, []byte(residents))
	if i.State != roster.Ready || i.Counts.New != 2 || i.Counts.Problem != 0 || i.Counts.Mended == 0 {
		t.Fatalf("checked: %+v", i)
	}
	if people(t, w) != 0 {
		t.Fatal("people were made by looking")
	}
	again, err := w.Roster.Begin(ctx, audit.By{}, roster.Upload{Unit: w.Communes[1], Kind: roster.Residents, Mode: roster.Add, Name: "x.csv", Raw: []byte(residents), Manages: managers})
	if err != nil || again.ID != i.ID {
		t.Errorf("the same file again: %v, %v", again, err)
	}
	var both sync.WaitGroup
	for range 4 { // a double click, and a second tab
		both.Go(func() {
			if err := w.Roster.Commit(ctx, audit.By{}, i, -1); err != nil && !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
			if _, err := w.Roster.WorkDue(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	drain(t, w)
	if i = find(t, w, i); i.State != roster.Done || people(t, w) != 2 {
		t.Fatalf("%s, %d people", i.State, people(t, w))
	}
	var tu struct {
		FullName, Phone, Unit string
		BirthYear             int
	}
	must(t, w.DB.NewRaw("SELECT p.full_name, p.phone, p.birth_year, u.code AS unit FROM people p JOIN units u ON u.id = p.home_unit_id WHERE p.search = 'ho van tu'").Scan(ctx, &tu))
	if tu.FullName != "Hồ Văn Tư" || tu.Phone != "0905111222" || tu.BirthYear != 1958 || tu.Unit != "20944-01" {
		t.Errorf("taken over as %+v", tu)
	}
	var left int
	must(t, w.DB.NewRaw("SELECT count(*) FROM roster_rows").Scan(ctx, &left))
	if left != 0 {
		t.Errorf("%d rows of people are kept", left)
	}
	second := send(t, w, w.Communes[1], roster.Residents, roster.Add, []byte(residents))
	if second.Counts.Same != 2 || second.Counts.New != 0 {
		t.Errorf("sent again after that: %+v", second.Counts)
	}
}

func TestAllOrNothing(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	i := send(t, w, w.Communes[1], roster.Residents, roster.Add, []byte(residents+"3;Hồ Thị Ba;1970;12;Thôn 1\n4;Hồ Thị Tám;1971;;Thôn 99\n"))
	if i.Counts.Problem != 2 || i.Counts.New != 2 {
		t.Fatalf("counts %+v", i.Counts)
	}
	if err := w.Roster.Commit(ctx, audit.By{}, i, -1); !fault.Is(err, fault.Invalid) {
		t.Errorf("committed with problems: %v", err)
	}
	must(t, w.Roster.Mend(ctx, i, 6, roster.Phone, "0905 999 888"))
	drain(t, w)
	must(t, w.Roster.Mend(ctx, i, 7, roster.Hamlet, "Thôn 2"))
	drain(t, w)
	i = find(t, w, i)
	if i.Counts.Problem != 0 {
		rows, _, _ := roster.NewStore(w.DB).Rows(ctx, i, roster.Wrong, -100)
		t.Fatalf("mended: %+v %+v", i.Counts, rows[0].Problems)
	}
	must(t, w.Roster.Commit(ctx, audit.By{}, i, -1))
	dying, kill := context.WithCancel(ctx)
	kill()
	if _, err := w.Roster.WorkDue(dying); err == nil {
		t.Error("a worker that was killed took the list over")
	}
	if n := people(t, w); n != 0 {
		t.Errorf("%d people of half a list", n)
	}
	drain(t, w)
	if n := people(t, w); n != 4 {
		t.Errorf("%d people", n)
	}
}

func TestAFullListAsksBeforeItEmptiesAUnit(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	for range 8 {
		w.Person(t, w.Hamlets[2], identity.Resident)
	}
	head := w.Person(t, w.Communes[1], identity.Resident, identity.UnitHead)
	i := send(t, w, w.Communes[1], roster.Residents, roster.Full, []byte(residents))
	if i.Counts.Suspend != 8 || !i.Counts.NeedsNumber() {
		t.Fatalf("counts %+v", i.Counts)
	}
	for _, typed := range []int{-1, 0, 7} {
		if err := w.Roster.Commit(ctx, audit.By{}, i, typed); !fault.Is(err, fault.Invalid) {
			t.Errorf("committed with %d: %v", typed, err)
		}
	}
	must(t, w.Roster.Commit(ctx, audit.By{}, i, 8))
	drain(t, w)
	if n := people(t, w); n != 3 { // two of the list, and the head, whom the sender does not manage
		t.Errorf("%d people", n)
	}
	if person, err := identity.NewStore(w.DB).Person(ctx, head.ID); err != nil || person.SuspendedAt != nil {
		t.Errorf("the head: %v, %v", person.SuspendedAt, err)
	}
}

func TestOfficialsWithPositions(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	list := func(position string) []byte {
		return []byte("Mã CBCC,Họ và tên,Chức vụ,Cơ quan,Email\nCB-7,Lê Quang Huy," + position + ",Phường Hải Châu,huy@example.vn\n")
	}
	for _, position := range []string{"Chuyên viên", "Trưởng phòng"} {
		i := send(t, w, w.Communes[0], roster.Officials, roster.Add, list(position))
		must(t, w.Roster.Commit(ctx, audit.By{}, i, -1))
		drain(t, w)
		if i = find(t, w, i); i.State != roster.Done {
			t.Fatalf("%s %s", i.State, i.Failure)
		}
	}
	var positions []string
	must(t, w.DB.NewRaw("SELECT a.position FROM appointments a WHERE a.ends_on IS NULL").Scan(ctx, &positions))
	if len(positions) != 1 || positions[0] != "Trưởng phòng" || people(t, w) != 1 {
		t.Errorf("positions %v of %d people", positions, people(t, w))
	}
	elsewhere := send(t, w, w.Communes[1], roster.Officials, roster.Add, list("Chuyên viên"))
	if elsewhere.Counts.Problem != 1 {
		t.Errorf("a staff number of another commune: %+v", elsewhere.Counts)
	}
}

func TestAnExportComesBackUnchanged(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	i := send(t, w, w.Province, roster.Residents, roster.Add, []byte("Họ và tên;Năm sinh;SĐT;Mã đơn vị\nHồ Văn Tư;1958;0905111222;20944-01\nAlăng Thị Bé;;;20242-02\nHồ Văn Tư;1958;;20944-02\n"))
	must(t, w.Roster.Commit(ctx, audit.By{}, i, -1))
	drain(t, w)
	scope := org.Scope{Units: []uuid.UUID{w.Province.ID}}
	store := roster.NewStore(w.DB)
	for name, write := range map[string]func(*bytes.Buffer) (int, error){
		"xlsx": func(b *bytes.Buffer) (int, error) { return store.WriteXLSX(ctx, scope, b) },
		"csv":  func(b *bytes.Buffer) (int, error) { return store.WriteCSV(ctx, scope, b) },
	} {
		var file bytes.Buffer
		if n, err := write(&file); err != nil || n != 3 {
			t.Fatalf("%s: %d, %v", name, n, err)
		}
		back := send(t, w, w.Province, roster.Residents, roster.Full, file.Bytes())
		if back.State != roster.Ready || back.Counts.Same != 3 || back.Counts.Heavy() != 0 {
			t.Errorf("%s comes back as %s %+v %s", name, back.State, back.Counts, back.Failure)
		}
	}
}

func TestFormulasAreDefused(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, err := w.DB.ExecContext(ctx, "UPDATE units SET name = '=HYPERLINK(\"http://x\")' WHERE code = '20944-01'")
	must(t, err)
	w.Person(t, w.Hamlets[2], identity.Resident)
	var file, book bytes.Buffer
	store, scope := roster.NewStore(w.DB), org.Scope{Units: []uuid.UUID{w.Province.ID}}
	_, err = store.WriteCSV(ctx, scope, &file)
	must(t, err)
	if !strings.Contains(file.String(), "'=HYPERLINK") {
		t.Errorf("a formula is handed out:\n%s", file.String())
	}
	_, err = store.WriteXLSX(ctx, scope, &book)
	must(t, err)
	opened, err := excelize.OpenReader(&book)
	must(t, err)
	if formula, err := opened.GetCellFormula("Sheet1", "F2"); err != nil || formula != "" {
		t.Errorf("formula %q, %v", formula, err)
	}
}

func TestWhatIsNoListIsSaidAtOnceOrByTheWorker(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	begin := func(raw []byte) error {
		_, err := w.Roster.Begin(ctx, audit.By{}, roster.Upload{Unit: w.Communes[0], Kind: roster.Residents, Mode: roster.Add, Name: "x", Raw: raw, Manages: managers})
		return err
	}
	for _, raw := range [][]byte{nil, []byte("   "), []byte("%PDF-1.7"), bytes.Repeat([]byte("x"), roster.MaxFile+1)} {
		if err := begin(raw); !fault.Is(err, fault.Invalid) {
			t.Errorf("%.10q: %v", raw, err)
		}
	}
	var many strings.Builder
	many.WriteString("Họ và tên\n")
	for n := range roster.MaxRows + 1 {
		fmt.Fprintf(&many, "Hồ Văn %c%c\n", 'A'+n%26, 'A'+n/26%26)
	}
	i := send(t, w, w.Communes[0], roster.Residents, roster.Add, []byte(many.String()))
	if i.State != roster.Failed || i.Failure != string(roster.ErrRows) {
		t.Errorf("too many rows: %s %s", i.State, i.Failure)
	}
}
