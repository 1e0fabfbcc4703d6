// Kubebox is every program of a Kubernetes cluster in one: the one of the name that it is called by, as a link, or that
// its first argument has.
//
// One binary is a fifth of the size of its programs apart, and is linked once.
package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "github.com/containerd/containerd/v2/cmd/containerd/builtins"
	containerd "github.com/containerd/containerd/v2/cmd/containerd/command"
	ctr "github.com/containerd/containerd/v2/cmd/ctr/app"
	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubectlerrors "k8s.io/kubectl/pkg/cmd/util"
	kubeapiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	kubecontrollermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	kubeproxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	kubescheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubeadm "k8s.io/kubernetes/cmd/kubeadm/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"

	"io.otelgraft/e2e/cluster/kubebox/internal/node"
)

// The programs; each gets the process's arguments without the name of this binary, and ends the process with what it
// returns.
var programs = map[string]func() error{
	"containerd": func() error { return containerd.App().Run(context.Background(), os.Args) },
	"coredns":    coredns,
	"ctr":        func() error { return ctr.New().Run(context.Background(), os.Args) },
	"etcd":       func() error { etcdmain.Main(os.Args); return nil },
	"kube-apiserver": func() error {
		return component(kubeapiserver.NewAPIServerCommand())
	},
	"kube-controller-manager": func() error {
		return component(kubecontrollermanager.NewControllerManagerCommand())
	},
	"kube-proxy":     func() error { return component(kubeproxy.NewProxyCommand()) },
	"kube-scheduler": func() error { return component(kubescheduler.NewSchedulerCommand()) },
	"kubeadm":        kubeadm.Run,
	"kubectl": func() error {
		if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
			kubectlerrors.CheckErr(err) // prints it as kubectl does, and ends
		}
		return nil
	},
	"kubelet": func() error { return component(kubelet.NewKubeletCommand(context.Background())) },
	"node":    func() error { return node.Run(os.Args[1:]) },
}

// What has printed its error already.
var errPrinted = errors.New("failed")

func component(command *cobra.Command) error {
	if cli.Run(command) != 0 {
		return errPrinted
	}
	return nil
}

func main() {
	name := filepath.Base(os.Args[0])
	if programs[name] == nil && len(os.Args) > 1 {
		name = os.Args[1]
		os.Args = os.Args[1:]
	}
	program := programs[name]
	if program == nil {
		fmt.Fprintln(os.Stderr, "usage: kubebox PROGRAM ARGUMENTS; the programs are",
			strings.Join(slices.Sorted(maps.Keys(programs)), ", "))
		os.Exit(2)
	}
	if err := program(); err != nil {
		if !errors.Is(err, errPrinted) {
			fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		}
		os.Exit(1)
	}
}
