package main

import (
	"github.com/coredns/coredns/coremain"
	// What the configuration of the node's server names, and no more: each plugin brings its dependencies.
	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/template"
)

func coredns() error {
	coremain.Run()
	return nil
}
