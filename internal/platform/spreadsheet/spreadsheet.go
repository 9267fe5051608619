// Package spreadsheet writes tables that people open in a spreadsheet.
package spreadsheet

import (
	"encoding/csv"
	"io"
	"strings"
)

// Plain keeps a spreadsheet from taking text for a formula, which could run
// commands or send the sheet away (OWASP, "CSV injection"): what begins like
// one gets an apostrophe in front.
func Plain(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

// CSV writes rows of plain text as comma-separated values in UTF-8.
type CSV struct{ rows *csv.Writer }

// NewCSV begins a file; its mark tells Excel that it is UTF-8.
func NewCSV(w io.Writer) (*CSV, error) {
	_, err := io.WriteString(w, "\ufeff")
	rows := csv.NewWriter(w)
	rows.UseCRLF = true // RFC 4180
	return &CSV{rows}, err
}

// Row writes one row, with every cell made Plain.
func (c *CSV) Row(cells ...string) error {
	plain := make([]string, len(cells))
	for i, cell := range cells {
		plain[i] = Plain(cell)
	}
	return c.rows.Write(plain)
}

// Flush hands on what was written, and tells what went wrong so far.
func (c *CSV) Flush() error {
	c.rows.Flush()
	return c.rows.Error()
}
