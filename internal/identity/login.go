package identity

import (
	"regexp"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/fault"
	"hocso/internal/platform/shortcode"
)

// LoginKind is what sort of name somebody signs in with.
type LoginKind string

// The kinds of login.
const (
	LoginName  LoginKind = "name"
	LoginPhone LoginKind = "phone"
	LoginCode  LoginKind = "code" // the learner's own code, printed on their card
)

// Login is a name that one person signs in with.
type Login struct {
	bun.BaseModel `bun:"table:logins,alias:lo"`

	Login    string `bun:",pk"` // lower case
	PersonID uuid.UUID
	Kind     LoginKind
}

var (
	phoneForm = regexp.MustCompile(`^0[0-9]{9}$`)
	phoneSkip = strings.NewReplacer(" ", "", ".", "", "-", "", "(", "", ")", "", "\u00a0", "")
)

// ParsePhone reads a Vietnamese phone number as people write it (spaces, dots,
// +84, 84) into ten digits from 0; ok is false when it is none.
func ParsePhone(typed string) (phone string, ok bool) {
	phone = phoneSkip.Replace(strings.TrimSpace(typed))
	for _, prefix := range []string{"+84", "0084", "84"} {
		if rest, found := strings.CutPrefix(phone, prefix); found && len(phone) > 10 {
			phone = "0" + strings.TrimPrefix(rest, "0")
			break
		}
	}
	return phone, phoneForm.MatchString(phone)
}

// readPhone is ParsePhone for a form's optional field.
func readPhone(typed string) (*string, error) {
	if strings.TrimSpace(typed) == "" {
		return nil, nil
	}
	phone, ok := ParsePhone(typed)
	if !ok {
		return nil, fault.InvalidField("phone", "person.phone_form")
	}
	return &phone, nil
}

// readLogin makes of what somebody typed the login it stands for: a phone
// number in any writing, a learner's code with or without its dash, or a name.
func readLogin(typed string) string {
	if phone, ok := ParsePhone(typed); ok {
		return phone
	}
	if code, ok := shortcode.Parse(typed); ok {
		return strings.ToLower(code)
	}
	return cleanLogin(typed)
}
