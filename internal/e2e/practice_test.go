package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/identity"
	"hocso/internal/practice"
)

// way is one way through a scenario: element ids, "id=text" for what is typed,
// "?" for a hint.
type way struct {
	scenario, variant string
	steps             []string
	outcome           practice.Outcome
}

// scenarioWays are played by touch, by keyboard and without scripts.
var scenarioWays = []way{
	{"quet-ma-qr", "dung-ma", []string{"lay-may", "ngan-hang", "quet", "thay-ma", "hoi", "tra-tiep", "tien=30.000", "tiep", "pin=2468", "tra"}, practice.Done},
	{"quet-ma-qr", "ma-la", []string{"lay-may", "?", "ngan-hang", "quet", "thay-ma", "thoi-la"}, practice.Helped},
	{"quet-ma-qr", "ma-la", []string{"lay-may", "may-anh", "ngan-hang", "quet", "thay-ma", "tiep", "tien=3000", "tiep", "tien=30000", "tiep", "pin=2468", "tra-la"}, practice.Caught},
	{"quet-ma-qr", "dung-ma", []string{"lay-may", "ngan-hang", "quet", "thay-ma", "thoi"}, practice.Alarmed},
	{"cuoc-goi-dinh-danh", "gia", []string{"nghe", "hoi-ten", "cup", "goi-xa"}, practice.Done},
	{"cuoc-goi-dinh-danh", "gia", []string{"nghe", "dong-y", "tai"}, practice.Caught},
	{"nop-ho-so", "thuong", []string{"cong", "thu-tuc=dang ky thuong tru cho con", "tim", "thuong-tru", "nop", "vneid", "ten=Hồ Thị Mai", "giay",
		"ten=ho thi mai", "kiem", "nop-ho-so", "tra-cuu", "ma=TH-2026-000123", "xem", "cho"}, practice.Done},
	{"hop-thu-that-gia", "thu-that", []string{"thu-chau", "xem", "tra-loi", "ve", "thu-moi", "dia-chi", "di-tiem"}, practice.Done},
	{"nguoi-than-goi-hinh", "that", []string{"nghe", "hoi", "giup", "pin=2468", "gui-that"}, practice.Done},
	{"nhan-hang-kiem-truoc", "don-la", []string{"xem-don", "hoi-con", "khong-nhan"}, practice.Done},
	{"viec-nhe-luong-cao", "nhiem-vu", []string{"lam-thu", "nap", "nap-nua"}, practice.Caught},
}

// TestPracticeByTouchByKeyboardAndWithoutScripts plays the same ways in three
// manners: each comes to the same.
func TestPracticeByTouchByKeyboardAndWithoutScripts(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	for manner, script := range map[string]bool{"touch": true, "keyboard": true, "plain": false} {
		t.Run(manner, func(t *testing.T) {
			p := browse(t, s, phone, script)
			p.signIn(identity.Resident)
			for _, way := range scenarioWays {
				run := s.beginRun(t, s.signedIn(t, p), way.scenario, way.variant)
				p.open("/practice/runs/" + run.String())
				p.play(manner, way.steps)
				p.waits(10*time.Second, "the outcome", func() bool { return s.outcome(t, run) != "" })
				if got := s.outcome(t, run); got != string(way.outcome) {
					t.Errorf("%s %s by %s: %s, want %s", way.scenario, way.variant, manner, got, way.outcome)
				}
				p.sees("Làm lại bài này") // the result opens by itself
				p.isAccessible()
				p.fits()
				p.shoot(fmt.Sprintf("%s-review-%s-%s", manner, way.scenario, way.outcome))
			}
		})
	}
}

// beginRun begins a run as a certain variant, which is chance on the site.
func (s *site) beginRun(t *testing.T, person uuid.UUID, scenario, variant string) uuid.UUID {
	t.Helper()
	ctx := context.Background()
	version, err := practice.NewLibrary(practice.NewStore(s.db)).Find(ctx, scenario)
	must(t, err)
	run := &practice.Run{
		ID: uuid.Must(uuid.NewV7()), PersonID: person, Scenario: scenario, VersionID: version.ID, Variant: variant,
		State: practice.Open, BegunAt: time.Now(), Steps: []practice.Step{}, Support: identity.Self,
	}
	must(t, practice.NewStore(s.db).Add(ctx, run))
	return run.ID
}

func (s *site) outcome(t *testing.T, run uuid.UUID) (outcome string) {
	t.Helper()
	must(t, s.db.NewRaw("SELECT coalesce(outcome, '') FROM practice_runs WHERE id = ?", run).Scan(context.Background(), &outcome))
	return outcome
}

// signedIn is who signed in last.
func (s *site) signedIn(t *testing.T, _ *page) (id uuid.UUID) {
	t.Helper()
	must(t, s.db.NewRaw("SELECT person_id FROM sessions ORDER BY created_at DESC LIMIT 1").Scan(context.Background(), &id))
	return id
}

// play does the steps in a manner: "touch" taps, "keyboard" goes to each
// element and presses Enter, "plain" is a browser without scripts.
func (p *page) play(manner string, steps []string) {
	p.t.Helper()
	for _, step := range steps {
		id, typed, isField := strings.Cut(step, "=")
		switch {
		case isField:
			eval[bool](p, fmt.Sprintf(`(document.querySelector('.screen input[name="f.%s"]').value = %q) !== ""`, id, typed))
		case step == "?" && manner == "plain":
			p.click(`[data-hint-button]`)
		case step == "?":
			eval[bool](p, `document.querySelector("[data-hint-button]").click() ?? true`)
			p.waits(time.Second, "the hint", func() bool { return strings.Contains(p.text(), "Gợi ý:") })
		case manner == "plain":
			p.click(fmt.Sprintf(`.screen button[value=%q]`, id))
		case manner == "keyboard":
			p.press(fmt.Sprintf(`.screen button[value=%q]:not([hidden])`, id))
		default:
			eval[bool](p, fmt.Sprintf(`document.querySelector('.screen button[value=%q]:not([hidden])').click() ?? true`, id))
		}
	}
}

// TestEveryScreenOfEveryScenario shows each screen of each scenario on a phone
// and in high contrast: nothing is wider than the screen, and axe finds nothing.
func TestEveryScreenOfEveryScenario(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	shelf, err := practice.NewLibrary(practice.NewStore(s.db)).Shelf(context.Background())
	must(t, err)
	for _, theme := range []string{"light", "contrast"} {
		t.Run(theme, func(t *testing.T) {
			p := browse(t, s, phone, true)
			p.signIn(identity.Resident)
			p.open("/")
			p.prefer("theme", theme)
			for _, version := range shelf {
				p.open("/practice/" + version.Slug)
				p.isAccessible()
				p.fits()
				p.shoot(theme + "-practice-" + version.Slug + "-00")
				seen := map[string]bool{}
				for _, variant := range version.Script.Variants {
					run := s.beginRun(t, s.signedIn(t, p), version.Slug, variant.ID)
					p.open("/practice/runs/" + run.String())
					for _, screen := range version.Script.Reachable(variant.ID) {
						if seen[screen.ID] {
							continue
						}
						seen[screen.ID] = true
						p.draw(screen.ID)
						p.isAccessible()
						p.fits()
						p.shoot(fmt.Sprintf("%s-practice-%s-%02d-%s", theme, version.Slug, len(seen), screen.ID))
					}
				}
			}
		})
	}
}

// draw puts a screen on the drawn device, whatever leads there.
func (p *page) draw(screen string) {
	p.t.Helper()
	eval[bool](p, fmt.Sprintf(`(t => { document.querySelector("[data-device] .screen").replaceWith(t.content.cloneNode(true)); return true; })(document.querySelector('template[data-screen=%q]'))`, screen))
}
