package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"loam"
	"loam/internal/screen"
	"loam/internal/store"
	"loam/internal/subject"
)

// matcher finds what is registered now.
func (n *node) matcher() *subject.Matcher { return n.subjects.Load() }

// reloadSubjects puts what is registered in force, at once and as a whole.
func (n *node) reloadSubjects(ctx context.Context) error {
	list, err := n.db.Registered(ctx)
	if err != nil {
		return err
	}
	m := subject.New(list)
	n.subjects.Store(m)
	if old := m.Others(n.parts.FaceModel(), n.parts.VoiceModel()); old > 0 {
		n.log.WarnContext(ctx, "faces and voices taken by an earlier model are compared with nothing: who agreed to it has to register anew", "count", old)
	}
	return nil
}

// opened reports whether an account opened all these uses of hers to everybody: the same rule as
// for her works.
func (n *node) opened(ctx context.Context, owner string, uses []loam.Use) (bool, error) {
	for _, u := range uses {
		if ok, err := n.db.AccountAllows(ctx, owner, u); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// mayAsk refuses a prompt for the manner, voice or likeness of somebody who is protected, before
// it is sent, unless it is the asker's own or open to everybody.
func (n *node) mayAsk(ctx context.Context, account, prompt string) error {
	for _, p := range n.matcher().Asked(prompt) {
		if p.Of.Owner == account {
			continue
		}
		open, err := n.opened(ctx, p.Of.Owner, p.Of.Kind.Uses())
		if err != nil {
			return err
		}
		if !open {
			return refusal(p.Of.Kind, prompt[p.Start:p.End])
		}
	}
	return nil
}

// refusal says why a prompt is not sent and what to write instead.
func refusal(kind loam.ProtectionKind, name string) error {
	switch kind {
	case loam.ProtectVoice:
		return loam.Fail(loam.Denied, "prompt.protected.voice", name)
	case loam.ProtectLikeness:
		return loam.Fail(loam.Denied, "prompt.protected.likeness", name)
	case loam.ProtectCharacter:
		return loam.Fail(loam.Denied, "prompt.protected.character", name)
	case loam.ProtectBrand:
		return loam.Fail(loam.Denied, "prompt.protected.brand", name)
	default:
		return loam.Fail(loam.Denied, "prompt.protected.style", name)
	}
}

// suspects names the parts of a note in which something protected was found.
func (n *node) suspects(ctx context.Context, owner string, c loam.Content) ([]string, error) {
	found, err := n.screen.Protected(ctx, owner, c)
	var out []string
	for _, f := range found {
		out = append(out, f.Field)
		if c.Sound != nil && f.Facts["kind"] == string(loam.ProtectVoice) {
			out = append(out, loam.SoundField) // whoever names a voice beside a sound speaks of the sound
		}
	}
	if errors.Is(err, context.Canceled) {
		return out, err
	}
	if err != nil { // a picture that cannot be compared: screening says so in the verdict
		n.log.WarnContext(ctx, "protected, before labels", "error", err)
	}
	return out, nil
}

// lookAgain is how long it waits before what could not be compared is looked for again.
const lookAgain = 24 * time.Hour

// lookBack looks through what was out before a protection was registered: who holds it reads where
// it was seen, and people look at it. What is labelled already stays labelled as it is. Where something
// could not be compared for the time being (a part missing, the storage away) it looks through all of it
// again, soon and then once a day and at each start.
func (n *node) lookBack(ctx context.Context) error {
	const batch = 100
	ids, looked, err := n.db.Unlooked(ctx)
	if err != nil || len(ids) == 0 {
		return err
	}
	if looked.Done {
		if n.clock().Sub(n.lookedAgain) < lookAgain {
			return nil
		}
		n.lookedAgain, looked = n.clock(), store.LookedBack{}
	}
	if err := n.reloadSubjects(ctx); err != nil { // they may be newer than what is in force here
		return err
	}
	for !looked.Done {
		list, err := n.db.Out(ctx, looked.After, batch)
		if err != nil {
			return err
		}
		for _, v := range list {
			again, err := n.sightOut(ctx, v, ids)
			if err != nil {
				return err
			}
			looked.After, looked.Missed = v.ID, looked.Missed || again
		}
		looked.Done = len(list) < batch
		if err := n.db.Looked(ctx, ids, looked); err != nil {
			return err
		}
	}
	return nil
}

// sightOut looks through one version; again says that it is to be looked at again.
func (n *node) sightOut(ctx context.Context, v loam.Version, ids []string) (again bool, err error) {
	found, err := n.screen.Protected(ctx, v.Owner, v.Content)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil { // a picture or sound that cannot be compared; what else was found stands
		again = loam.KindOf(err) == loam.Unavailable
		n.log.WarnContext(ctx, "protected, looking back", "version", v.ID, "error", err)
	}
	found = slices.DeleteFunc(found, func(f loam.Finding) bool { return !slices.Contains(ids, f.Facts["protection"]) })
	if len(found) == 0 {
		return again, nil
	}
	return again, n.db.SightOut(ctx, v.ID, found)
}

// protections are what screening compares with.
func (n *node) protections() *screen.Protections {
	return &screen.Protections{Matcher: n.matcher, Open: n.opened, Bodies: bodies{n}, Gate: n.gate.run}
}
