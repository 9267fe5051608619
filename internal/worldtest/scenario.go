package worldtest

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/course"
	"hocso/internal/platform/clock"
	"hocso/internal/practice"
)

// Scenario is the world's practice: press "go" to the field, type "5" and press
// "pay"; in the variant "fraud" paying is being caught and "stop" is right, in
// "honest" the other way round.
const Scenario = "tra-tien"

// Script is what the world's scenario plays.
func Script() practice.Script {
	return practice.Script{
		Device: practice.Phone, Story: "Bạn đi chợ.", Goal: "Trả 5 nghìn.",
		Variants: []practice.Variant{
			{ID: "honest", Honest: true, Start: "start", Values: map[string]string{"name": "CHỊ SÁU"}},
			{ID: "fraud", Start: "start", Values: map[string]string{"name": "NGƯỜI LẠ"}},
		},
		Screens: []practice.Screen{
			{ID: "start", Look: "scene", Title: "Quầy cá", Hint: "Bấm Đi.", Elements: []practice.Element{
				{ID: "go", Kind: practice.Button, Text: "Đi", Go: "pay"},
				{ID: "ask", Kind: practice.Button, Text: "Hỏi", Good: "Bạn hỏi trước.", Set: "asked"},
				{ID: "wander", Kind: practice.Link, Text: "Chỗ khác", Mistake: "Không phải chỗ này."},
			}},
			{ID: "pay", Look: "bank", Title: "Trả tiền", Hint: "Gõ 5.", Elements: []practice.Element{
				{Kind: "heading", Text: "{name}"},
				{ID: "amount", Kind: practice.Field, Text: "Số tiền", Accept: []string{"5", "5.000"}, Wrong: "Chưa đúng 5 nghìn."},
				{ID: "pay", Kind: practice.Button, Text: "Trả", Needs: []string{"amount"}, Go: "paid", Only: []string{"honest"}},
				{ID: "pay-fraud", Kind: practice.Button, Text: "Trả", Needs: []string{"amount"}, Go: "caught", Only: []string{"fraud"}, Danger: "Tên lạ."},
				{ID: "stop", Kind: practice.Button, Text: "Thôi", Go: "alarmed", Only: []string{"honest"}},
				{ID: "stop-fraud", Kind: practice.Button, Text: "Thôi", Go: "safe", Only: []string{"fraud"}, Good: "Bạn dừng lại."},
				{ID: "sure", Kind: practice.Button, Text: "Hỏi lại", If: "asked", Go: "start"},
			}},
			{ID: "paid", Look: "end", Title: "Xong", End: &practice.End{Outcome: practice.Done, Text: "Đã trả."}},
			{ID: "safe", Look: "end", Title: "Giữ được tiền", End: &practice.End{Outcome: practice.Done, Text: "Không mất gì."}},
			{ID: "caught", Look: "end", Title: "Mất tiền", End: &practice.End{Outcome: practice.Caught, Text: "Tiền đã mất.", Then: []string{"Gọi ngân hàng."}}},
			{ID: "alarmed", Look: "end", Title: "Không sao cả", End: &practice.End{Outcome: practice.Alarmed, Text: "Đúng là chị Sáu."}},
		},
	}
}

// Publish makes a script the current version of a scenario.
func (w *World) Publish(t *testing.T, slug, checksum string, script practice.Script) *practice.Version {
	t.Helper()
	version := &practice.Version{
		ID: ID(), Slug: slug, Checksum: checksum, Title: "Trả tiền", Summary: "Trả tiền ở chợ.", Minutes: 2, Drill: true,
		Skills: []course.Skill{course.Payment}, Digcomp: []string{"2.3"}, Script: script, ImportedAt: clock.System(),
	}
	must(t, w.DB.RunInTx(context.Background(), nil, func(ctx context.Context, tx bun.Tx) error {
		_, err := practice.NewStore(tx).Publish(ctx, version, 1)
		return err
	}))
	return version
}

// Run begins a run of the world's scenario as a certain variant.
func (w *World) Run(t *testing.T, person uuid.UUID, variant string) *practice.Run {
	t.Helper()
	version, err := w.Scenarios.Find(context.Background(), Scenario)
	must(t, err)
	run := &practice.Run{
		ID: ID(), PersonID: person, Scenario: Scenario, VersionID: version.ID, Variant: variant, State: practice.Open,
		BegunAt: clock.System(), Steps: []practice.Step{}, Support: "self",
	}
	must(t, practice.NewStore(w.DB).Add(context.Background(), run))
	return run
}
