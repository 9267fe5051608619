// Package content embeds what Học Số teaches: one folder a course under
// courses (see courses/README.md), practices and their pictures under practices,
// the words that are explained in glossary.yaml, and under schema the published JSON Schemas
// of their files. internal/authoring reads, checks and imports it. What people are
// told stands under notices, see internal/notify.
package content

import "embed"

// FS holds the folders courses, practices, notices, schema and demo, and glossary.yaml.
//
//go:embed courses practices glossary.yaml schema demo notices/*.yaml
var FS embed.FS
