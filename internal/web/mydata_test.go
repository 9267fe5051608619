package web

import (
	"strings"
	"testing"

	"hocso/internal/worldtest"
	"hocso/views/text"
)

// TestEverythingHandedOutHasAName in both languages: sections and fields.
func TestEverythingHandedOutHasAName(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	data, err := w.Records.Data(t.Context(), w.Learner(t, w.Hamlets[0]).ID)
	must(t, err)
	var keys []string
	for _, section := range data.Sections {
		keys = append(keys, "mydata.section_"+section.Name)
		for _, column := range section.Columns {
			keys = append(keys, "mydata.field_"+column)
		}
	}
	for _, key := range keys {
		if name := text.T(t.Context(), key); name == key || strings.TrimSpace(name) == "" {
			t.Errorf("views/text lacks %s", key)
		}
	}
}
