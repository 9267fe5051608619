package roster

// Problem says what is wrong with a cell, or what was put right in it.
type Problem struct {
	Field Field    `json:"field"` // "" for the whole row
	Key   string   `json:"key"`   // a catalogue key; its text tells how to mend it
	Args  []string `json:"args,omitempty"`
}

// FileError says why a file as a whole can't be read; it is a catalogue key.
type FileError string

// Error implements error.
func (e FileError) Error() string { return string(e) }

// What can be wrong with a file.
const (
	ErrEmpty     FileError = "roster.file_empty"
	ErrTooLarge  FileError = "roster.file_large"
	ErrUnzipped  FileError = "roster.file_unzipped"
	ErrNotTable  FileError = "roster.file_not_table"
	ErrOldExcel  FileError = "roster.file_old_excel"
	ErrEncrypted FileError = "roster.file_encrypted"
	ErrBroken    FileError = "roster.file_broken"
	ErrRows      FileError = "roster.file_rows"
	ErrColumns   FileError = "roster.file_columns"
	ErrNoHeader  FileError = "roster.file_no_header"
	ErrNoRows    FileError = "roster.file_no_rows"
	ErrQuotes    FileError = "roster.file_quotes"
	ErrSlow      FileError = "roster.file_slow"
)

// Limits of a file.
const (
	MaxFile     = 12 << 20  // bytes
	maxUnzipped = 100 << 20 // bytes
	MaxRows     = 50_000    // people
	maxColumns  = 100
	maxCell     = 500 // characters
)
