package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"loam"
	"loam/internal/store"
	"loam/internal/web"
)

type keyCmd struct {
	New    keyNewCmd    `cmd:"" help:"Make an API key and print it once."`
	List   keyListCmd   `cmd:"" help:"List API keys; never the keys themselves."`
	Revoke keyRevokeCmd `cmd:"" help:"End an API key at once and for good."`
}

type keyNewCmd struct {
	place
	Account string `help:"The account's handle." required:""`
	Name    string `help:"What the key is for." default:"key"`
	JSON    bool   `help:"One JSON object."`
}

// Run prints the key; only its hash is kept. A program with a key can draft and read, but
// never confirm: that takes a person.
func (c *keyNewCmd) Run(a *app) error {
	return c.with(a, func(db *store.DB) error {
		account, _, err := db.AccountByHandle(a.ctx, c.Account)
		if err != nil {
			return err
		}
		key := "loam_" + loam.NewSecret()
		if err := db.CreateKey(a.ctx, account.ID, web.Digest(key), c.Name); err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(a.out).Encode(map[string]string{"account": c.Account, "name": c.Name, "key": key})
		}
		_, err = fmt.Fprintln(a.out, key)
		return err
	})
}

type keyListCmd struct {
	place
	Account string `help:"Only the keys of this handle."`
	JSON    bool   `help:"JSON Lines."`
}

// Run lists keys by their id, which revoke takes.
func (c *keyListCmd) Run(a *app) error {
	return c.with(a, func(db *store.DB) error {
		list, err := db.Keys(a.ctx, c.Account)
		for _, k := range list {
			err = errors.Join(err, c.print(a, k))
		}
		return err
	})
}

func (c *keyListCmd) print(a *app, k store.Key) error {
	if c.JSON {
		return json.NewEncoder(a.out).Encode(k)
	}
	state := "in use"
	if k.Revoked {
		state = "revoked"
	}
	_, err := fmt.Fprintf(a.out, "%s\t%s\t%s\t%s\t%s\n", k.ID, k.Account, state, time.UnixMilli(k.Created).UTC().Format(time.DateOnly), k.Name)
	return err
}

type keyRevokeCmd struct {
	place
	ID   string `arg:"" help:"The key's id, as key list shows it."`
	JSON bool   `help:"One JSON object."`
}

// Run revokes; the next request with the key is refused.
func (c *keyRevokeCmd) Run(a *app) error {
	return c.with(a, func(db *store.DB) error {
		if err := db.RevokeKey(a.ctx, c.ID); err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(a.out).Encode(map[string]string{"revoked": c.ID})
		}
		_, err := fmt.Fprintln(a.out, "revoked", c.ID)
		return err
	})
}
