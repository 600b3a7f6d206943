package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"loam"
	"loam/internal/web"
)

// child is a server of its own process.
type child struct {
	cmd  *exec.Cmd
	url  string
	rest chan struct{} // closed when its output ended
}

// startChild runs `loam serve` on a folder and waits for its address.
func startChild(t testing.TB, args ...string) *child {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: exec.Command(exe, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...), rest: make(chan struct{})}
	c.cmd.Env = append(os.Environ(), asLoam+"=1", "LOAM_TRUSTED_PROXIES=127.0.0.0/8")
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	c.cmd.Stderr = &log
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "is at "); ok {
			c.url = url
			go func() {
				for lines.Scan() {
				}
				close(c.rest)
			}()
			return c
		}
	}
	_ = c.cmd.Wait()
	t.Fatalf("loam serve ended before it listened:\n%s", log.String())
	return nil
}

// kill ends the process as a power cut would.
func (c *child) kill() {
	_ = c.cmd.Process.Signal(syscall.SIGKILL)
	<-c.rest
	_ = c.cmd.Wait()
}

// stop ends it as an operator would, and reports a bad end.
func (c *child) stop() error {
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	<-c.rest
	return c.cmd.Wait()
}

// promise is one note as its creator knows it: what the server acknowledged so far.
type promise struct {
	who                            int // whose note it is
	key, idea, work, version, hash string
	revision                       int64
	confirmed                      bool
}

// advance takes a note one step further by the same requests, however often some were
// sent before. It reports whether the note is confirmed.
func (p *promise) advance(c *client) (bool, error) {
	switch {
	case p.work == "":
		var s web.Sheet
		if err := c.ask("POST", "/api/works", map[string]string{"idea": p.idea}, &s, "Idempotency-Key", p.key); err != nil {
			return false, err
		}
		p.work, p.revision = s.ID, s.Revision
	case p.version == "":
		var v web.VersionView
		choice := loam.Choice{Revision: p.revision, Uses: map[loam.Use]bool{loam.UseIndex: true, loam.UseRecommend: true}, Audience: loam.Public}
		if err := c.ask("POST", "/api/works/"+p.work+"/submit", choice, &v); err != nil {
			return false, err
		}
		p.version = v.ID
	case p.hash == "":
		var v web.VersionView
		if err := c.ask("GET", "/api/versions/"+p.version, nil, &v); err != nil {
			return false, err
		}
		p.hash = v.ReleaseHash
		if p.hash == "" {
			pause(c.h.t.Context(), 5*time.Millisecond)
		}
	case !p.confirmed:
		if err := c.ask("POST", "/api/versions/"+p.version+"/confirm", map[string]string{"release_hash": p.hash}, nil); err != nil {
			return false, err
		}
		p.confirmed = true
	}
	return p.confirmed, nil
}

// ask sends a request and reads its JSON; anything but success is an error.
func (c *client) ask(method, path string, body, into any, header ...string) error {
	a, err := c.send(method, path, body, header...)
	if err != nil {
		return err
	}
	if a.status >= 300 {
		return fmt.Errorf("%s %s: %d %s", method, path, a.status, a.body)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(a.body, into)
}

// TestKill publishes while the server is killed again and again: what was acknowledged is
// there afterwards, and nothing is there twice.
func TestKill(t *testing.T) {
	t.Parallel()
	kills := 10
	if os.Getenv("LOAM_TEST_SOAK") != "" {
		kills = 200
	}
	dir := t.TempDir()
	h := &house{t: t}
	people := make([]*client, 3)
	for i := range people {
		people[i] = h.visitor()
	}
	var promises []*promise
	random := rand.New(rand.NewPCG(1, 2))
	for round := range kills {
		begun := time.Now()
		server := startChild(t, "--data", dir)
		start := time.Since(begun) // how busy the machine is
		h.url = server.url
		if round == 0 {
			for i, p := range people {
				p.must("POST", "/api/accounts", map[string]string{"handle": fmt.Sprintf("person%d", i), "name": "人", "password": password}, nil)
			}
		}
		var wg sync.WaitGroup
		made := make([][]*promise, len(people))
		for i, p := range people {
			wg.Go(func() { made[i] = publishUntilDead(p, fmt.Sprintf("%d-%d", round, i), promises, i) })
		}
		pause(t.Context(), 30*time.Millisecond+time.Duration(random.Int64N(int64(500*time.Millisecond+2*start))))
		server.kill()
		wg.Wait()
		for _, m := range made {
			promises = append(promises, m...)
		}
	}
	server := startChild(t, "--data", dir)
	h.url = server.url
	keepPromises(t, people, promises)
	if err := server.stop(); err != nil {
		t.Errorf("a graceful stop: %v", err)
	}
}

// publishUntilDead carries on with the notes of before that are hers and makes new ones
// until the server is gone.
func publishUntilDead(c *client, name string, before []*promise, who int) (made []*promise) {
	for _, p := range before {
		if p.who != who || p.confirmed {
			continue
		}
		for done := false; !done; {
			var err error
			if done, err = p.advance(c); err != nil {
				return nil
			}
		}
	}
	for n := 0; ; n++ {
		p := &promise{who: who, key: fmt.Sprintf("kill-test-%s-%d", name, n), idea: words(fmt.Sprintf("%s-%d", name, n))}
		made = append(made, p)
		for done := false; !done; {
			var err error
			if done, err = p.advance(c); err != nil {
				return made
			}
		}
	}
}

// words are an idea like no other: near copies would wait for a person.
func words(seed string) string {
	sum := sha256.Sum256([]byte(seed))
	random := rand.New(rand.NewPCG(binary.LittleEndian.Uint64(sum[:8]), binary.LittleEndian.Uint64(sum[8:16])))
	out := []rune(seed + " ")
	for i := range 40 {
		if i%8 == 7 {
			out = append(out, '，')
		}
		out = append(out, rune(0x4E00+random.IntN(6000)))
	}
	return string(out)
}

func keepPromises(t *testing.T, people []*client, promises []*promise) {
	t.Helper()
	confirmed := 0
	works := map[string]bool{}
	for _, p := range promises {
		if p.work == "" {
			continue
		}
		if works[p.work] {
			t.Errorf("work %s was acknowledged for two keys", p.work)
		}
		works[p.work] = true
		owner := ownerOf(people, p)
		if owner == nil {
			t.Errorf("acknowledged work %s is lost", p.work)
			continue
		}
		if p.version == "" {
			continue
		}
		if !p.confirmed {
			owner.must("GET", "/api/versions/"+p.version, nil, nil)
			continue
		}
		confirmed++
		owner.until(p.version, "released", released)
		if a := people[0].do("GET", "/p/"+p.work, nil); a.status != 200 {
			t.Errorf("confirmed note %s: got %d", p.work, a.status)
		}
	}
	for _, c := range people {
		seen := map[string]string{}
		for before := int64(0); ; {
			var list []web.WorkLine
			c.must("GET", fmt.Sprintf("/api/works?before=%d", before), nil, &list)
			for _, w := range list {
				var s web.Sheet
				c.must("GET", "/api/works/"+w.ID, nil, &s)
				if other, twice := seen[s.Draft.Idea]; twice && other != w.ID {
					t.Errorf("idea %q is there twice", s.Draft.Idea)
				}
				seen[s.Draft.Idea] = w.ID
				before = w.Updated
			}
			if len(list) == 0 {
				break
			}
		}
	}
	if confirmed == 0 {
		t.Error("nothing was confirmed between the kills")
	}
	t.Logf("%d notes begun, %d confirmed", len(works), confirmed)
}

func ownerOf(people []*client, p *promise) *client {
	for _, c := range people {
		if c.do("GET", "/api/works/"+p.work, nil).status == 200 {
			return c
		}
	}
	return nil
}
