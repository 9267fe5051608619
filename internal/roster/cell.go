package roster

import (
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"hocso/internal/identity"
	"hocso/internal/platform/clock"
)

var (
	dateParts = regexp.MustCompile(`^([0-9]{1,4})[-/. ]+([0-9]{1,2})[-/. ]+([0-9]{1,4})(?:[ T].*)?$`)
	monthYear = regexp.MustCompile(`^[0-9]{1,2}[-/.]([0-9]{4})$`)
	packed    = regexp.MustCompile(`^([0-9]{2})([0-9]{2})([0-9]{4})$`)
	wholeForm = regexp.MustCompile(`^[0-9]+(?:\.0+)?$`)
)

// birthYear finds the year in a date of any of the forms that offices use, in a
// year, or in the number of days that Excel keeps for a date.
func birthYear(cell string) (year string, ok bool) {
	if whole := wholeForm.FindString(cell); whole != "" {
		number, _, _ := strings.Cut(whole, ".")
		if match := packed.FindStringSubmatch(number); match != nil && isDay(match[1], match[2]) {
			return match[3], true
		}
		n, err := strconv.Atoi(number)
		switch {
		case err != nil:
			return "", false
		case len(number) == 4 && n >= 1900 && n <= 2100:
			return number, true
		case n > 3000 && n < 60_000: // days since the end of 1899: 1908 to 2064
			return strconv.Itoa(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Year()), true
		}
		return "", false
	}
	if match := monthYear.FindStringSubmatch(cell); match != nil {
		return match[1], true
	}
	match := dateParts.FindStringSubmatch(cell)
	switch {
	case match == nil:
		return "", false
	case len(match[1]) == 4 && len(match[3]) <= 2 && isDay(match[3], match[2]):
		return match[1], true
	case len(match[3]) == 4 && len(match[1]) <= 2 && isDay(match[1], match[2]):
		return match[3], true
	}
	return "", false
}

// isDay tells whether two numbers are a day and a month, in either order: only
// the year is kept, so it does not matter which is which.
func isDay(a, b string) bool {
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	return x >= 1 && y >= 1 && (x <= 31 && y <= 12 || x <= 12 && y <= 31)
}

// readBorn reads a year of birth; problem is "" when it is one.
func readBorn(cell string, now time.Time) (born *int, problem string) {
	if cell == "" {
		return nil, ""
	}
	year, ok := birthYear(cell)
	if !ok {
		return nil, "roster.born_form"
	}
	n, err := strconv.Atoi(year)
	if err != nil || n < 1900 || n > now.In(clock.Zone).Year()-5 {
		return nil, "roster.born_range"
	}
	return &n, ""
}

// readName puts a name together and writes one in capitals as names are
// written; mended tells that it did.
func readName(cell, last, given string) (name string, mended bool, problem string) {
	if cell == "" {
		cell = strings.TrimSpace(last + " " + given)
	}
	name, problem = identity.ReadName(cell)
	if problem == "" && name == strings.ToUpper(name) && strings.ContainsRune(name, ' ') {
		return capitalise(name), true, ""
	}
	return name, false, problem
}

func capitalise(name string) string {
	begins := true
	return strings.Map(func(r rune) rune {
		first := begins
		begins = !unicode.IsLetter(r) && !unicode.IsMark(r)
		if first {
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, name)
}

// longPrefixes were the beginnings of eleven-digit numbers until 2018, with
// what they became.
var longPrefixes = map[string]string{
	"0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037", "0168": "038", "0169": "039",
	"0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
	"0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082", "0186": "056", "0188": "058", "0199": "059",
}

var (
	mobileRest = regexp.MustCompile(`^[35789][0-9]{8}$`)
	severalIn  = regexp.MustCompile(`[/;,]| - `)
	science    = regexp.MustCompile(`^[0-9][.,]?[0-9]*E\+?[0-9]+$`)
)

// readPhone reads a phone number. A lost leading zero is put back, a prefix of
// before 2018 replaced, and of several numbers the first is taken: mended is
// the key that says so.
func readPhone(cell string) (phone *string, mended, problem string) {
	if cell == "" {
		return nil, "", ""
	}
	if parts := severalIn.Split(cell, 2); len(parts) == 2 {
		cell, mended = strings.TrimSpace(parts[0]), "roster.phone_first"
	}
	if science.MatchString(cell) { // Excel has thrown digits away
		return nil, "", "roster.phone_science"
	}
	number, ok := identity.ParsePhone(strings.TrimSuffix(cell, ".0"))
	switch {
	case ok:
	case mobileRest.MatchString(number):
		number, ok, mended = "0"+number, true, "roster.phone_zero"
	case len(number) == 11 && longPrefixes[number[:4]] != "":
		number, mended = longPrefixes[number[:4]]+number[4:], "roster.phone_prefix"
		_, ok = identity.ParsePhone(number)
	}
	if !ok {
		return nil, "", "roster.phone_form"
	}
	return &number, mended, ""
}

// readEmail reads an address; problem is "" when it is one.
func readEmail(cell string) (email *string, problem string) {
	if cell == "" {
		return nil, ""
	}
	address, err := mail.ParseAddress(cell)
	if err != nil || address.Address != cell || len(cell) > 254 {
		return nil, "roster.email_form"
	}
	lower := strings.ToLower(cell)
	return &lower, ""
}
