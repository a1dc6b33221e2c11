package capella

import (
	"errors"
	"slices"
	"strconv"
	"time"
)

// Paging adds the options --page and --per-page. Parse sets the returned value.
func (c *Command) Paging() *Paging {
	paging := &Paging{}
	c.Func("page", "list only this `page`, counted from 1; all pages if left out", func(text string) (err error) {
		paging.Page, err = positive(text)
		return err
	})
	c.Func("per-page", "`items` per page; the API's default if left out", func(text string) error {
		_, err := positive(text)
		paging.set("perPage", text)
		return err
	})
	return paging
}

// Filter adds an option whose value, if given, is sent in the query under a key.
func (c *Command) Filter(paging *Paging, name, key, usage string) {
	c.Func(name, usage, func(text string) error {
		paging.set(key, text)
		return nil
	})
}

func (p *Paging) set(key, value string) {
	p.Query = slices.DeleteFunc(p.Query, func(pair [2]string) bool { return pair[0] == key })
	p.Query = append(p.Query, [2]string{key, value})
}

// Seconds adds an option whose value is a number of seconds, not negative, with or without a fraction.
func (c *Command) Seconds(name string, value float64, usage string) *time.Duration {
	wait := seconds(value * float64(time.Second))
	c.Var(&wait, name, usage)
	return (*time.Duration)(&wait)
}

type seconds time.Duration

func (s *seconds) String() string {
	return strconv.FormatFloat(time.Duration(*s).Seconds(), 'f', -1, 64)
}

func (s *seconds) Set(text string) error {
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || !(number >= 0 && number < 1e9) {
		return errors.New("it is not a number of seconds from 0")
	}
	*s = seconds(number * float64(time.Second))
	return nil
}

func positive(text string) (int, error) {
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		return 0, errors.New("it is not a whole number from 1")
	}
	return number, nil
}
