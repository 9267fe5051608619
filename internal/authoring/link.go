package authoring

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// linkUse is one https address in a text.
type linkUse struct {
	address string
	file    string // path in the file system that was read
	at      place
}

const (
	linksAtOnce = 4
	linkWait    = 15 * time.Second
)

// DeadLinks asks every https address that the texts name, each once, and gives
// a problem for each place that names one which does not answer, or answers
// that it is not there. It is not part of reading: a network is no property of
// a text.
func (s *Shelf) DeadLinks(ctx context.Context, client *http.Client) Problems {
	var addresses []string
	for _, use := range s.links {
		if !slices.Contains(addresses, use.address) {
			addresses = append(addresses, use.address)
		}
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	dead, slots := map[string]string{}, make(chan struct{}, linksAtOnce)
	for _, address := range addresses {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if why := askLink(ctx, client, address); why != "" {
				mu.Lock()
				defer mu.Unlock()
				dead[address] = why
			}
		})
	}
	all.Wait()
	found := &finder{}
	for _, use := range s.links {
		if why := dead[use.address]; why != "" {
			found.problems = append(found.problems, Problem{
				File: use.file, Line: use.at.line, Column: use.at.column,
				What: fmt.Sprintf("liên kết %s không mở được: %s", use.address, why), Mend: "Sửa địa chỉ, hoặc bỏ liên kết",
			})
		}
	}
	return found.sorted()
}

// askLink says why an address does not open; nothing when it does.
func askLink(ctx context.Context, client *http.Client, address string) string {
	ctx, cancel := context.WithTimeout(ctx, linkWait)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err.Error()
	}
	answer, err := client.Do(request)
	if err != nil {
		return strings.TrimPrefix(err.Error(), "Get "+fmt.Sprintf("%q: ", address))
	}
	answer.Body.Close()
	if answer.StatusCode == http.StatusNotFound || answer.StatusCode == http.StatusGone {
		return answer.Status
	}
	return ""
}
