// Package content embeds what Học Số teaches: one folder a course under
// courses (see courses/README.md), and under schema the published JSON Schemas
// of their files. internal/authoring reads, checks and imports it.
package content

import "embed"

// FS holds the folders courses, schema and demo.
//
//go:embed courses schema demo
var FS embed.FS
