package web

import "strings"

// browserName says in two words what a person reads a page with, so that they
// recognise their own sessions: "Chrome, Android". The order matters, as every
// browser names those that it wants to be taken for.
func browserName(userAgent string) string {
	first := func(marks [][2]string) string {
		for _, mark := range marks {
			if strings.Contains(userAgent, mark[0]) {
				return mark[1]
			}
		}
		return ""
	}
	browser := first([][2]string{
		{"coc_coc", "Cốc Cốc"}, {"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"},
		{"Firefox", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"},
	})
	system := first([][2]string{
		{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "Mac"}, {"Linux", "Linux"},
	})
	if browser == "" || system == "" {
		return browser + system
	}
	return browser + ", " + system
}
