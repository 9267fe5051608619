package learner

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/platform/i18n"
	"hocso/internal/platform/postgres"
)

// Section is what one table holds about a person.
type Section struct {
	Name    string           `json:"name"` // "person", "courses" …
	Records []map[string]any `json:"records"`
	Columns []string         `json:"-"` // in the order in which to show them
}

// Data is everything that is kept about a person.
type Data struct {
	MadeAt   time.Time `json:"made_at"`
	Sections []Section `json:"sections"`
}

// Data gathers everything about a person from every room, for themselves: of
// all of their records, also those that were merged.
func (s *Service) Data(ctx context.Context, person uuid.UUID) (*Data, error) {
	records, err := whole(ctx, s.db, person)
	if err != nil {
		return nil, err
	}
	data := &Data{MadeAt: s.now()}
	for _, table := range tables { // a fixed handful of queries
		if table.section == "" {
			continue
		}
		section, err := s.section(ctx, table, records)
		if err != nil {
			return nil, err
		}
		data.Sections = append(data.Sections, *section)
	}
	return data, nil
}

// Download is Data, noted in the log.
func (s *Service) Download(ctx context.Context, viewer *identity.Viewer, by audit.By) (*Data, error) {
	data, err := s.Data(ctx, viewer.PersonID)
	if err != nil {
		return nil, err
	}
	return data, audit.NewStore(s.db).Add(ctx, by, s.now(), &audit.Entry{Action: audit.DataDownload, SubjectID: &viewer.PersonID, UnitID: viewer.HomeUnitID})
}

func (s *Service) section(ctx context.Context, table table, records []uuid.UUID) (*Section, error) {
	rows, err := s.db.QueryContext(ctx, table.hand, bun.List(records))
	if err != nil {
		return nil, postgres.Wrap(err, "hand out "+table.name)
	}
	defer rows.Close()
	section := &Section{Name: table.section, Records: []map[string]any{}}
	if section.Columns, err = rows.Columns(); err != nil {
		return nil, postgres.Wrap(err, "hand out "+table.name)
	}
	for rows.Next() {
		values := make([]any, len(section.Columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			return nil, postgres.Wrap(err, "hand out "+table.name)
		}
		record := make(map[string]any, len(values))
		for i, column := range section.Columns {
			record[column] = plain(*values[i].(*any))
		}
		section.Records = append(section.Records, record)
	}
	return section, postgres.Wrap(rows.Err(), "hand out "+table.name)
}

// plain makes of what the driver gives something that JSON writes readably.
func plain(value any) any {
	raw, ok := value.([]byte)
	if text, is := value.(string); is && (strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")) {
		raw, ok = []byte(text), true
	}
	if !ok {
		return value
	}
	var parsed any
	if json.Unmarshal(raw, &parsed) == nil {
		return parsed
	}
	return string(raw)
}

// Text writes a value for reading; "" for none.
func Text(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case time.Time:
		return i18n.Clock(v) + " " + i18n.Date(v)
	case bool:
		if v {
			return "✓"
		}
		return "–"
	case map[string]any, []any:
		raw, err := json.Marshal(v)
		if err != nil {
			return ""
		}
		return string(raw)
	}
	return fmt.Sprint(value)
}
