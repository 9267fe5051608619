package org

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// boundary is a unit's outline.
type boundary struct {
	bun.BaseModel `bun:"table:unit_boundaries"`

	UnitID   uuid.UUID       `bun:",pk,type:uuid"`
	Geometry json.RawMessage `bun:",type:jsonb"`
}

// ImportBoundaries reads a GeoJSON collection whose features carry a unit's
// code, and keeps the outlines of today's units, all or nothing. The error is
// Problems when a feature has no known code or no outline.
func ImportBoundaries(ctx context.Context, db *bun.DB, r io.Reader) (count int, err error) {
	var collection struct {
		Type     string
		Features []struct {
			Properties struct{ Code string }
			Geometry   json.RawMessage
		}
	}
	if err := json.NewDecoder(io.LimitReader(r, maxFile)).Decode(&collection); err != nil {
		return 0, Problems{{What: "the file is not GeoJSON: " + err.Error()}}
	}
	if collection.Type != "FeatureCollection" {
		return 0, Problems{{What: "the file is not a GeoJSON FeatureCollection"}}
	}
	var stands []*Unit
	if err := db.NewSelect().Model(&stands).Where("u.valid_to IS NULL").Scan(ctx); err != nil {
		return 0, postgres.Wrap(err, "read units")
	}
	byCode := make(map[string]uuid.UUID, len(stands))
	for _, unit := range stands {
		byCode[unit.Code] = unit.ID
	}
	var problems Problems
	var outlines []*boundary
	for i, feature := range collection.Features {
		var geometry struct{ Type string }
		id, known := byCode[feature.Properties.Code]
		switch {
		case !known:
			problems = append(problems, Problem{Row: i + 1, Column: "code", What: fmt.Sprintf("no current unit has the code %q", feature.Properties.Code)})
		case json.Unmarshal(feature.Geometry, &geometry) != nil || geometry.Type != "Polygon" && geometry.Type != "MultiPolygon":
			problems = append(problems, Problem{Row: i + 1, Column: "geometry", What: "is neither a Polygon nor a MultiPolygon"})
		default:
			outlines = append(outlines, &boundary{UnitID: id, Geometry: feature.Geometry})
		}
	}
	if len(problems) > 0 {
		return 0, problems
	}
	if len(outlines) == 0 {
		return 0, Problems{{What: "the file holds no feature"}}
	}
	_, err = db.NewInsert().Model(&outlines).On("CONFLICT (unit_id) DO UPDATE").Set("geometry = EXCLUDED.geometry").Exec(ctx)
	return len(outlines), postgres.Wrap(err, "keep boundaries")
}
