package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"loam"
	"loam/internal/c2pa"
	"loam/internal/community"
	"loam/internal/fonts"
	"loam/internal/gateway"
	"loam/internal/intake"
	"loam/internal/jobs"
	"loam/internal/label"
	"loam/internal/outbound"
	"loam/internal/parts"
	"loam/internal/policy"
	"loam/internal/publish"
	"loam/internal/render"
	"loam/internal/review"
	"loam/internal/rights"
	"loam/internal/screen"
	"loam/internal/store"
	"loam/internal/studio"
	"loam/internal/subject"
	"loam/internal/text"
	"loam/internal/ui"
	"loam/internal/web"
)

// node is one running installation: the parts, joined.
type node struct {
	config config
	clock  loam.Clock
	log    *slog.Logger
	db     *store.DB
	blobs  *store.Blobs
	queue  *jobs.Queue
	listen *pgxpool.Pool
	lock   *os.File
	screen *screen.Screener
	parts  *parts.Parts
	model  *gateway.Gateway
	review review.Desk
	intake *intake.Desk
	labels *label.Labeller
	drawer drawer
	studio *studio.Studio
	square community.Square
	server *web.Server
	topics atomic.Pointer[studio.Community]
	titles atomic.Pointer[studio.Community] // its Titles and Worn
	// skeletons are forms of titles, found every night.
	skeletons atomic.Pointer[[]studio.Skeleton]
	// subjects is the matcher of what is registered.
	subjects  atomic.Pointer[subject.Matcher]
	filled    atomic.Bool
	gate      gate
	signer    *signer     // nil where its key is missing
	ledger    *rights.Log // nil where nothing can be signed
	manifests *labelKeys  // the same

	lookedAgain time.Time // when lookBack last went back to what could not be compared
	// background is what must end before the database is closed.
	background sync.WaitGroup
}

// These lines fail to compile where a store no longer offers what a stage asks.
var (
	_ studio.Store    = (*store.DB)(nil)
	_ intake.Store    = (*store.DB)(nil)
	_ screen.Store    = (*store.DB)(nil)
	_ review.Store    = (*store.DB)(nil)
	_ label.Store     = (*store.DB)(nil)
	_ publish.Store   = (*store.DB)(nil)
	_ community.Store = (*store.DB)(nil)
	_ gateway.Store   = (*store.DB)(nil)
	_ web.Accounts    = (*store.DB)(nil)
	_ web.Library     = (*store.DB)(nil)
	_ screen.Eyes     = (*parts.Parts)(nil)
)

// openNode makes what is missing, migrates, and joins the parts; nothing runs yet.
func openNode(ctx context.Context, c config, clock loam.Clock, log *slog.Logger) (n *node, err error) {
	if c.Demo {
		c.Data = filepath.Join(c.Data, demoFolder)
		c.LabelProducer = demoProducer
	}
	n = &node{config: c, clock: clock, log: log, gate: newGate()}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.close(context.WithoutCancel(ctx)))
		}
	}()
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return n, fmt.Errorf("data folder: %w", err)
	}
	if c.DB == "" {
		if n.lock, err = lockFolder(c.Data); err != nil {
			return n, err
		}
	}
	if n.db, n.blobs, err = c.place.open(ctx, clock); err != nil {
		return n, err
	}
	if n.signer, err = openSigner(ctx, n.db, c.Data); loam.KindOf(err) == loam.Unavailable {
		log.WarnContext(ctx, "nothing can be signed", "error", err) // everything else works
	} else if err != nil {
		return n, err
	}
	if n.manifests, err = openLabelKeys(ctx, n.db, c, clock); loam.KindOf(err) == loam.Unavailable {
		log.WarnContext(ctx, "no manifest can be signed", "error", err)
	} else if err != nil {
		return n, err
	}
	if n.ledger, err = n.openLedger(); err != nil {
		return n, err
	}
	if err := n.recover(ctx); err != nil {
		return n, err
	}
	if err := n.stages(ctx); err != nil {
		return n, err
	}
	return n, n.join(ctx)
}

// open opens the database and blobs of a place.
func (p place) open(ctx context.Context, clock loam.Clock) (*store.DB, *store.Blobs, error) {
	if _, err := os.Stat(p.Data); p.DB == "" && err != nil {
		return nil, nil, fmt.Errorf("no installation in %s; name its folder with --data or LOAM_DATA", p.Data)
	}
	db, err := store.Open(ctx, store.Config{URL: p.DB, Dir: p.Data, Clock: clock})
	if err != nil {
		return nil, nil, err
	}
	blobs, err := store.OpenBlobs(filepath.Join(p.Data, "blobs"))
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, blobs, nil
}

// demoFolder is where, below the data of a place, the demo has its own.
const demoFolder = "demo"

// demo is the folder with a demo's data beside a place, "" if none is there.
func (p place) demo() string {
	dir := filepath.Join(p.Data, demoFolder)
	if _, err := os.Stat(filepath.Join(dir, "loam.db")); p.DB != "" || err != nil {
		return ""
	}
	return dir
}

// elsewhere says of an account or a grant that was not found in a place that there is a demo it
// may be of.
func (p place) elsewhere(err error) error {
	code := map[string]string{"account.not_found": "account.elsewhere", "corpus.no_grant": "corpus.elsewhere"}[loam.CodeOf(err)]
	if dir := p.demo(); dir != "" && code != "" {
		return loam.Fail(loam.NotFound, code, dir)
	}
	return err
}

// recover settles what a crash left: model calls of unknown end.
func (n *node) recover(ctx context.Context) error {
	before := n.clock.Now()
	if n.db.Postgres() {
		before -= time.Hour.Milliseconds() // another node may be calling
	}
	lost, err := n.db.LoseGenerations(ctx, before)
	if lost > 0 {
		n.log.WarnContext(ctx, "model calls of unknown end", "count", lost)
	}
	return err
}

// stages makes the stages of the line.
func (n *node) stages(ctx context.Context) error {
	faces, err := fonts.Load()
	if err != nil {
		return err
	}
	pen := &render.Renderer{Faces: faces, Words: text.Words}
	p, err := n.config.policy()
	if err != nil {
		return err
	}
	list, err := n.db.Phrases(ctx)
	if err != nil {
		return err
	}
	profile := text.Xiaohongshu()
	n.parts = parts.Open(parts.Config{Dir: n.config.Parts})
	if err := n.reloadSubjects(ctx); err != nil {
		return err
	}
	n.screen = screen.New(n.screening(p, list, profile))
	n.model = gateway.New(gateway.Config{Store: n.db, Client: outbound.Operator(), Scan: n.screen.Passes, May: n.mayAsk, Clock: n.clock, Log: n.log, Cap: n.dayCap})
	if err := n.chooseModel(ctx); err != nil {
		return err
	}
	n.db.SetNoticeRules(n.config.noticeRules())
	n.review = review.Desk{Store: n.db, Findable: screen.Findable}
	n.drawer = drawer{pen, newShelf(n.blobs, n.gate)}
	arrangedIs := n.config.LabelArranged == "is"
	n.intake = &intake.Desk{
		Clock: n.clock,
		Store: n.db, Blobs: n.blobs, Gate: n.gate.run, Producer: n.config.LabelProducer != "",
		Draw:    n.drawer.Page,
		Read:    n.wordsIn,
		Keep:    n.keepCredentials,
		Suspect: n.suspects,
		Cue:     parts.Films{}.Ready,
		Trace: func(ctx context.Context, owner, words string) ([]loam.Run, error) {
			return n.studio.Trace(ctx, owner, words)
		},
		Unfit: func(d loam.Draft) int {
			return studio.Fixes(studio.Checks(profile, loam.Plain(d.Title), loam.Plain(d.Body), d.Tags, d.Pages))
		},
		TextAI: func(d loam.Draft, declared bool) loam.AIState {
			return studio.TextAI(arrangedIs, declared, d.Title, d.Body)
		},
		PageAI: func(d loam.Draft, generated []loam.Generation) func(loam.Page) loam.AIState {
			return studio.PageAI(arrangedIs, d, generated)
		},
	}
	n.labels = &label.Labeller{Store: n.db, Blobs: n.blobs, Draw: pen, Words: n.config.LabelWords, Corner: render.Corner(n.config.LabelCorner), Producer: n.config.LabelProducer, Unnamed: n.config.LabelUploads == "unnamed", Notice: web.Notice, Seal: n.signer.sealer(), Gate: n.gate.run, Terms: n.config.terms, Cue: n.cued}
	if n.manifests != nil {
		n.labels.Signer = n.manifests.signer
	}
	names := []string{}
	for _, s := range render.Styles() {
		names = append(names, s.Name)
	}
	n.studio = &studio.Studio{Store: n.db, Profile: profile, Community: n.community, Styles: names}
	return nil
}

// wordsIn reads the words in a picture, a line each; without an OCR there are none, and the
// mark of a picture nobody could read is not seen.
func (n *node) wordsIn(ctx context.Context, data []byte) (string, error) {
	eyes := screen.OCR{Eyes: n.parts, Model: n.parts.OCR()}
	fields, err := eyes.Read(ctx, screen.Input{Pictures: []*screen.Picture{screen.NewPicture(data)}})
	var lines []string
	for _, f := range fields {
		lines = append(lines, f.Text)
	}
	if errors.Is(err, screen.ErrAbsent) {
		err = nil
	}
	if err != nil {
		n.log.WarnContext(ctx, "no words read off an upload", "error", err) // screening says so in the verdict
	}
	return strings.Join(lines, "\n"), nil
}

// screening is what notes are screened with.
func (n *node) screening(p *policy.Policy, list []loam.Phrase, profile text.Profile) screen.Config {
	readers, more := lookers(n.parts, n.gate)
	return screen.Config{
		Policy: p, Phrases: list, Store: n.db, Clock: n.clock, Limits: limitsOf(profile), Picture: n.pictureHash, Sound: n.soundPrint,
		Bytes:       func(_ context.Context, hash string) ([]byte, error) { return n.blobs.Read(hash) },
		Readers:     readers,
		Protections: n.protections(),
		More:        append(more, n.guard()),
		Own:         studio.Own,
		Failed: func(ctx context.Context, detector string, err error) {
			n.log.ErrorContext(ctx, "detector", "name", detector, "error", err)
		},
	}
}

// topicNotes is how many of the newest notes the community's topics are counted over.
const topicNotes = 5000

// policy is the policy in force: the operator's file, or Loam's own.
func (c *config) policy() (*policy.Policy, error) {
	if c.Policy == "" {
		return policy.Parse(policy.Default())
	}
	raw, err := os.ReadFile(c.Policy)
	if err != nil {
		return nil, err
	}
	return policy.Parse(string(raw))
}

// join makes the queue and the server.
func (n *node) join(ctx context.Context) error {
	jc := jobs.Config{Pool: n.db.Pool(), Postgres: n.db.Postgres(), Workers: n.workers(), Periodic: n.periodic(), Log: n.log}
	if n.db.Postgres() {
		var err error
		if n.listen, err = pgxpool.New(ctx, n.config.DB); err != nil {
			return err
		}
		jc.Listen = n.listen
	}
	var err error
	if n.queue, err = jobs.Open(ctx, jc); err != nil {
		return err
	}
	n.db.SetEnqueue(func(ctx context.Context, tx *sql.Tx, j store.Job) error {
		return n.queue.Enqueue(ctx, tx, j.Kind, j.Ref, j.At)
	})
	if !n.db.Postgres() {
		if err := jobs.Free(ctx, n.db.Pool()); err != nil {
			return err
		}
	}
	app, err := ui.App()
	if err != nil {
		return err
	}
	tokens, err := ui.Variables()
	if err != nil {
		return err
	}
	proxies, err := n.config.proxies()
	if err != nil {
		return err
	}
	n.square = community.Square{Store: n.db, Clock: n.clock, Topics: n.topicNames, Views: community.NewCounter(n.clock), Glass: &community.Glass{}}
	var ledger web.Ledger
	var witnesses []rights.Witness
	if n.ledger != nil {
		ledger = n.ledger
		if w := n.ledger.Witnesses; w != nil {
			witnesses = w.List
		}
	}
	n.server = web.New(web.Config{
		Ledger: ledger, Witnesses: witnesses,
		Accounts: n.db, Sessions: n.db.Sessions(), Library: n.db, Labels: n.db, Studio: n.studio, Model: modelDesk{n}, Intake: intakeDesk{n.intake},
		Review: n.review, Publish: publish.Desk{Store: n.db}, Square: n.square, Label: n.labels.Apply, Unmarked: n.labels.Unmarked,
		Screen: screenDesk{n.screen}, Operate: operateDesk{n}, Blobs: n.blobs, Draw: n.drawer, Thumbnail: n.thumbnail, App: app, Tokens: tokens,
		Sign: n.signer.sign, Key: n.signer.verifier(), Ready: n.ready, Clock: n.clock, Log: n.log, Demo: n.config.Demo, Producer: n.config.LabelProducer != "",
		Public: n.config.PublicURL, Proxies: proxies, Known: n.known, Rights: n.db, Used: n.db, Notices: n.db, Protections: n.db, Hear: hearing{n}, Bodies: bodies{n}, Match: n.labels.Match,
		Archive: func(ctx context.Context, w io.Writer, a loam.Account) error {
			return archiveOf(ctx, n.db, n.blobs, n.ledger, n.clock.Now(), w, a)
		},
	})
	return nil
}

// keepCredentials is what is kept of the Content Credentials a picture came in with, as this
// installation judges them.
func (n *node) keepCredentials(data []byte) ([]byte, error) {
	return c2pa.Keep(bytes.NewReader(data), n.known().Trust, n.clock())
}

// known is whose signatures this installation knows: its own.
func (n *node) known() label.Known {
	k := label.Known{Keys: n.signer.pinned(), Now: n.clock()}
	if n.manifests != nil {
		k.Trust = n.manifests.trust
	}
	return k
}

func (n *node) ready(ctx context.Context) error {
	if !n.filled.Load() {
		return loam.Fail(loam.Unavailable, "demo.filling")
	}
	return n.db.Ping(ctx)
}

// workers are the steps of the line.
func (n *node) workers() map[string]jobs.Worker {
	return map[string]jobs.Worker{
		store.JobScreen: {Timeout: 80 * time.Second, Dead: n.db.GiveUp, Work: func(ctx context.Context, id string) error {
			v, err := n.db.Version(ctx, id)
			if err != nil || v.State != loam.Submitted {
				return err
			}
			r, err := n.screen.Screen(ctx, v)
			if err != nil {
				return err
			}
			return n.db.PutVerdict(ctx, id, r.Verdict, r.Traits)
		}},
		store.JobLabel: {Timeout: 80 * time.Second, Dead: n.db.GiveUp, Work: func(ctx context.Context, id string) error {
			if err := n.gate.run(ctx, func() error { return n.labels.Apply(ctx, id) }); err != nil {
				return err
			}
			n.warm(ctx, id)
			return nil
		}},
		store.JobDecide: {Timeout: 10 * time.Second, Work: n.review.Apply},
		store.JobGoOut:  {Timeout: 10 * time.Second, Dead: n.db.GiveUp, Work: n.db.GoOut},
	}
}

const (
	blobGrace  = 24 * time.Hour
	eventGrace = 24 * time.Hour
	// waitGrace is longer than every retry of a living job: what waits longer lost its job.
	waitGrace = 10 * time.Minute
)

func (n *node) periodic() []jobs.Periodic {
	return []jobs.Periodic{
		{Name: "decisions", Every: time.Minute, Work: n.review.Sweep},
		{Name: "versions", Every: time.Minute, Work: func(ctx context.Context) error {
			again, err := n.db.Requeue(ctx, n.clock().Add(-waitGrace).UnixMilli())
			if again > 0 {
				n.log.WarnContext(ctx, "versions whose jobs were lost", "count", again)
			}
			return err
		}},
		{Name: "topics", Every: time.Minute, Work: n.countTopics},
		{Name: "titles", Every: 10 * time.Minute, Work: n.readTitles},
		{Name: "skeletons", Every: 24 * time.Hour, Work: n.findSkeletons},
		{Name: "terms", Every: 5 * time.Minute, Work: n.reindex},
		{Name: "traits", Every: 5 * time.Minute, Work: n.retake},
		{Name: "sightings", Every: time.Minute, Work: n.lookBack},
		{Name: "biometrics", Every: time.Hour, Work: n.db.SweepBiometrics},
		{Name: "notices", Every: time.Minute, Work: n.db.SweepNotices},
		{Name: "waivers", Every: 24 * time.Hour, Work: n.db.SweepWaivers},
		{Name: "structures", Every: time.Hour, Work: n.db.SweepStructures},
		{Name: "events", Every: time.Hour, Work: func(ctx context.Context) error {
			return n.db.SweepEvents(ctx, n.clock().Add(-eventGrace).UnixMilli())
		}},
		{Name: "blobs", Every: time.Hour, Work: func(ctx context.Context) error {
			gone, err := n.blobs.Sweep(ctx, n.db, n.clock().Add(-blobGrace))
			if gone > 0 {
				n.log.InfoContext(ctx, "swept blobs", "count", gone)
			}
			return err
		}},
	}
}

// start runs the queue and the watch over what other commands change.
func (n *node) start(ctx context.Context) error {
	if err := n.recordArranged(ctx); err != nil {
		return err
	}
	if err := n.db.LogEarlierUses(ctx); err != nil {
		return err
	}
	if err := n.db.EraseDeleted(ctx); err != nil {
		return err
	}
	if err := n.queue.Start(ctx); err != nil {
		return err
	}
	n.background.Go(func() { n.watch(ctx) })
	n.background.Go(func() {
		if err := n.screen.Fill(ctx); err != nil && ctx.Err() == nil {
			n.log.WarnContext(ctx, "fill pictures", "error", err) // the first screening tries again
		}
	})
	n.background.Go(func() { n.keepViews(ctx) })
	if n.ledger != nil {
		n.background.Go(func() { n.keepLedger(ctx) })
	}
	return nil
}

// keepViews keeps what readers opened every few seconds, and once more at the end.
func (n *node) keepViews(ctx context.Context) {
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			if err := n.square.Flush(context.WithoutCancel(ctx)); err != nil {
				n.log.WarnContext(ctx, "keep views", "error", err)
			}
			return
		case <-tick.C:
			if err := n.square.Flush(ctx); err != nil {
				n.log.WarnContext(ctx, "keep views", "error", err)
			}
		}
	}
}

// watch puts new phrases and protections in force within a second, whoever added them.
func (n *node) watch(ctx context.Context) {
	since, seen, subjects := n.clock.Now(), map[string]bool{}, false
	tick := time.NewTicker(400 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		events, err := n.db.Events(ctx, "", true, since-5000)
		if err != nil {
			n.log.WarnContext(ctx, "watch", "error", err)
			continue
		}
		changed := false
		fresh := map[string]bool{}
		for _, e := range events {
			fresh[e.ID] = true
			changed = changed || e.Topic == "phrases" && !seen[e.ID]
			subjects = subjects || e.Topic == store.TopicProtection && !seen[e.ID]
		}
		since, seen = max(since, n.clock.Now()-1000), fresh
		if changed {
			n.reload(ctx)
		}
		if subjects {
			err := n.reloadSubjects(ctx)
			if subjects = err != nil; subjects { // tried again: a withdrawal must not be missed
				n.log.WarnContext(ctx, "reload protections", "error", err)
			}
		}
	}
}

func (n *node) reload(ctx context.Context) {
	list, err := n.db.Phrases(ctx)
	if err != nil {
		n.log.WarnContext(ctx, "reload phrases", "error", err)
		return
	}
	n.screen.Use(n.screen.Policy(), list)
	n.log.InfoContext(ctx, "phrases in force", "count", len(list))
}

// close stops what runs: jobs first, then model calls, then the database. The context
// begin was given must have ended.
func (n *node) close(ctx context.Context) error {
	var err error
	if n.queue != nil {
		stop, cancel := context.WithTimeout(ctx, 10*time.Second)
		err = n.queue.Stop(stop)
		cancel()
	}
	if n.model != nil {
		n.model.Close()
	}
	n.background.Wait()
	if n.parts != nil {
		n.parts.Close()
	}
	if n.listen != nil {
		n.listen.Close()
	}
	if n.db != nil {
		err = errors.Join(err, n.db.Close())
	}
	if n.lock != nil {
		err = errors.Join(err, n.lock.Close())
	}
	return err
}
