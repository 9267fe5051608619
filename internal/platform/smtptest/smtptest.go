// Package smtptest is a mail server for tests and measurements: it takes
// letters, counts how often it took each, and misbehaves as it is told to.
package smtptest

import (
	"bufio"
	"io"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
)

// Stage is what the server answers to.
type Stage string

// The stages of a session. At Dot the letter was sent in whole.
const (
	Greeting Stage = "greeting"
	Mail     Stage = "mail"
	Rcpt     Stage = "rcpt"
	Data     Stage = "data"
	Dot      Stage = "dot"
)

// What a Script can answer beside a reply such as "451 4.3.0 later".
const (
	Usual    = ""          // the reply of a server that is well
	Cut      = "cut"       // no reply: the connection breaks
	TakeCut  = "take, cut" // at Dot: the letter is taken, then the connection breaks without a reply
	Hang     = "hang"      // no reply, and the connection stays
	TakeHang = "take, hang"
)

// Letter is one that was taken, or is about to be.
type Letter struct {
	ID  string // its Message-ID
	To  string
	Raw string
}

// Script says how to answer at a stage; of the letter there is only known what
// was said by then.
type Script func(stage Stage, l Letter) string

// Server is the mail server.
type Server struct {
	listener net.Listener
	closed   chan struct{}
	once     sync.Once
	all      sync.WaitGroup

	mu     sync.Mutex
	script Script
	taken  []Letter
	open   map[net.Conn]bool
}

// Start listens on a free port of this machine, or on the given address.
func Start(addr string) (*Server, error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &Server{listener: listener, closed: make(chan struct{}), open: map[net.Conn]bool{}}
	s.all.Go(s.accept)
	return s, nil
}

// Addr is where the server listens.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Close stops the server and breaks off every session; a second time does nothing.
func (s *Server) Close() {
	s.once.Do(func() { close(s.closed) })
	s.listener.Close()
	s.mu.Lock()
	for conn := range s.open {
		conn.Close()
	}
	s.mu.Unlock()
	s.all.Wait()
}

// Follow has the server answer by a script from now on; nil for a server that is well.
func (s *Server) Follow(script Script) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = script
}

// Taken lists the letters that the server took, each as often as it did.
func (s *Server) Taken() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter(nil), s.taken...)
}

func (s *Server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.open[conn] = true
		s.mu.Unlock()
		s.all.Go(func() {
			defer func() {
				conn.Close()
				s.mu.Lock()
				defer s.mu.Unlock()
				delete(s.open, conn)
			}()
			s.talk(conn)
		})
	}
}

// talk holds one session.
func (s *Server) talk(conn net.Conn) {
	text := textproto.NewConn(conn)
	var l Letter
	if !s.reply(text, Greeting, l, "220 smtptest") {
		return
	}
	for {
		said, err := text.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(said, " ")
		going := true
		switch strings.ToUpper(verb) {
		case "EHLO":
			going = text.PrintfLine("250-smtptest\r\n250 8BITMIME") == nil
		case "MAIL":
			l = Letter{}
			going = s.reply(text, Mail, l, "250 2.1.0 well")
		case "RCPT":
			l.To = strings.Trim(rest[strings.Index(rest, ":")+1:], "<> ")
			going = s.reply(text, Rcpt, l, "250 2.1.5 well")
		case "DATA":
			going = s.data(text, &l)
		case "QUIT":
			text.PrintfLine("221 2.0.0 bye")
			return
		default:
			going = text.PrintfLine("250 2.0.0 well") == nil
		}
		if !going {
			return
		}
	}
}

// data takes a letter, up to the line that is a dot.
func (s *Server) data(text *textproto.Conn, l *Letter) bool {
	if !s.reply(text, Data, *l, "354 go on") {
		return false
	}
	raw, err := io.ReadAll(text.DotReader())
	if err != nil {
		return false
	}
	l.Raw = string(raw)
	if parsed, err := mail.ReadMessage(bufio.NewReader(strings.NewReader(l.Raw))); err == nil {
		l.ID = parsed.Header.Get("Message-ID")
	}
	return s.reply(text, Dot, *l, "250 2.0.0 taken")
}

// reply answers by the script; it is false when the session is over.
func (s *Server) reply(text *textproto.Conn, stage Stage, l Letter, usual string) bool {
	s.mu.Lock()
	script := s.script
	s.mu.Unlock()
	said := usual
	if script != nil {
		if own := script(stage, l); own != Usual {
			said = own
		}
	}
	if stage == Dot && (strings.HasPrefix(said, "2") || said == TakeCut || said == TakeHang) {
		s.mu.Lock()
		s.taken = append(s.taken, l)
		s.mu.Unlock()
	}
	switch said {
	case Cut, TakeCut:
		return false
	case Hang, TakeHang:
		<-s.closed
		return false
	}
	return text.PrintfLine("%s", said) == nil
}

// Times counts how often each letter was taken: Message-ID → times.
func (s *Server) Times() map[string]int {
	times := map[string]int{}
	for _, l := range s.Taken() {
		times[l.ID]++
	}
	return times
}
