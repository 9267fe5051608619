package component

import (
	"slices"
	"strconv"
	"strings"
)

// PinPictures are the drawings of which a card's holder knows three, by the key
// of their name. A picture's place in this list is part of secrets: it never
// changes.
var PinPictures = []string{
	"pin.buffalo", "pin.fish", "pin.lotus", "pin.house", "pin.sun", "pin.boat", "pin.bicycle", "pin.rice", "pin.rooster", "pin.hat", "pin.drum", "pin.coconut",
}

// place is where a picture stands among the chosen, from 1; 0 when it is not.
func place(chosen []int, picture int) int { return slices.Index(chosen, picture) + 1 }

// file is the name of a picture's file.
func file(key string) string { return strings.Replace(key, ".", "-", 1) + ".svg" }

// join writes pictures for a hidden field: "3,0,11".
func join(pictures []int) string {
	parts := make([]string, len(pictures))
	for i, picture := range pictures {
		parts[i] = strconv.Itoa(picture)
	}
	return strings.Join(parts, ",")
}
