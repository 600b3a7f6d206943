package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"loam"
	"loam/internal/web"
)

type keyCmd struct {
	New keyNewCmd `cmd:"" help:"Make an API key and print it once."`
}

type keyNewCmd struct {
	place
	Account string `help:"The account's handle." required:""`
	Name    string `help:"What the key is for." default:"key"`
	JSON    bool   `help:"One JSON object."`
}

// Run prints the key; only its hash is kept. A program with a key can draft and read, but
// never confirm: that takes a person.
func (c *keyNewCmd) Run(a *app) (err error) {
	db, _, err := c.open(a.ctx, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
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
}
