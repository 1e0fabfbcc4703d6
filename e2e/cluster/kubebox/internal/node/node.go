// Package node runs a Kubernetes cluster of one node in a container, each component as a process.
package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/component-base/version"
)

// Kubeconfig is the file that the administrator's access is written to, once the cluster is ready.
const Kubeconfig = "/etc/kubernetes/admin.conf"

// Where the build puts the images that each node has.
const images = "/usr/share/kubebox/images"

// Run brings the cluster up, says so on standard output, and returns nil when it is told to end; an error that says which
// component failed, with the end of its log, when one does.
func Run(args []string) error {
	flags := pflag.NewFlagSet("node", pflag.ContinueOnError)
	names := flags.StringArray("tls-san", nil, "a further name or address at which clients reach the API server")
	deadline := flags.Duration("deadline", 3*time.Minute, "how long the start may take")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return nil
		}
		return err
	}
	told, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer cancel()

	components := newComponents(told)
	defer components.stop()
	started := time.Now()
	starting, cancel := context.WithTimeoutCause(components.running, *deadline,
		fmt.Errorf("not ready within %s", *deadline))
	defer cancel()
	if err := start(starting, components, *names); err != nil {
		return components.explain(starting, err)
	}
	fmt.Printf("kubebox: ready after %.1f s, the kubeconfig is %s\n", time.Since(started).Seconds(), Kubeconfig)
	<-components.running.Done()
	return components.explain(components.running, nil)
}

func start(ctx context.Context, components *components, names []string) error {
	if err := prepareContainer(); err != nil {
		return err
	}
	address, err := address()
	if err != nil {
		return err
	}
	config := configuration{
		Name:              "kubebox",
		Address:           address,
		ExtraNames:        names,
		KubernetesVersion: version.Get().GitVersion,
		ServiceSubnet:     "10.96.0.0/16",
		DNSAddress:        "10.96.0.10",
		PodSubnet:         "10.244.0.0/24",
		ContainerRuntime:  "unix:///run/containerd/containerd.sock",
		SandboxImage:      "e2e.otelgraft.io/pause:1",
	}
	if err := config.write(); err != nil {
		return err
	}
	if err := issueCertificates(ctx, components); err != nil {
		return err
	}

	components.start("etcd", etcd...)
	components.start("containerd")
	components.start("kube-apiserver", kubeAPIServer(config)...)
	imported := make(chan error, 1)
	go func() { imported <- importImages(ctx, components) }()
	if err := waitForAPIServer(ctx); err != nil {
		return err
	}
	components.start("kube-controller-manager", kubeControllerManager(config)...)
	components.start("kube-scheduler", kubeScheduler...)
	if err := components.run(ctx, "kubectl", "--kubeconfig="+Kubeconfig, "apply", "-f", objects); err != nil {
		return err
	}
	if err := <-imported; err != nil {
		return err
	}
	components.start("kubelet", kubelet(config)...)
	components.start("kube-proxy", kubeProxy...)
	components.start("coredns", coreDNS...)

	for _, condition := range [][]string{
		{"--for=create", "node/" + config.Name},
		{"--for=condition=Ready", "node/" + config.Name},
		{"--for=create", "serviceaccount/default"},
	} {
		wait := append([]string{"--kubeconfig=" + Kubeconfig, "wait", "--timeout=10m"}, condition...)
		if err := components.run(ctx, "kubectl", wait...); err != nil {
			return err
		}
	}
	return nil
}

// The address of the container in its network.
func address() (string, error) {
	device, err := net.InterfaceByName("eth0")
	if err != nil {
		return "", fmt.Errorf("a node needs a network: %w", err)
	}
	addresses, err := device.Addrs()
	if err != nil {
		return "", err
	}
	for _, each := range addresses {
		if network, ok := each.(*net.IPNet); ok && network.IP.To4() != nil {
			return network.IP.String(), nil
		}
	}
	return "", fmt.Errorf("a node needs an IPv4 address; eth0 has %v", addresses)
}

// kubeadm knows which certificates and kubeconfigs there have to be.
func issueCertificates(ctx context.Context, components *components) error {
	for _, phase := range []string{"certs", "kubeconfig"} {
		if err := components.run(ctx, "kubeadm", "init", "phase", phase, "all", "--config", kubeadmConfig); err != nil {
			return err
		}
	}
	for _, component := range []string{"kube-proxy", "coredns"} {
		kubeconfig, err := components.output(ctx, "kubeadm", "kubeconfig", "user", "--config", kubeadmConfig,
			"--client-name", "system:"+component)
		if err != nil {
			return err
		}
		if err := os.WriteFile("/etc/kubernetes/"+component+".conf", kubeconfig, 0o600); err != nil {
			return err
		}
	}
	// That of kubeadm's administrator needs a binding which a later phase makes.
	return os.Rename("/etc/kubernetes/super-admin.conf", Kubeconfig)
}

func importImages(ctx context.Context, components *components) error {
	if err := poll(ctx, func(ctx context.Context) error {
		connection, err := (&net.Dialer{}).DialContext(ctx, "unix", "/run/containerd/containerd.sock")
		if err != nil {
			return err
		}
		return connection.Close()
	}); err != nil {
		return fmt.Errorf("containerd: %w", err)
	}
	archives, err := filepath.Glob(images + "/*.tar")
	if err != nil {
		return err
	}
	for _, archive := range archives {
		if err := components.run(ctx, "ctr", "--namespace=k8s.io", "images", "import", archive); err != nil {
			return err
		}
	}
	return nil
}

func waitForAPIServer(ctx context.Context) error {
	access, err := clientcmd.BuildConfigFromFlags("", Kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(access)
	if err != nil {
		return err
	}
	if err := poll(ctx, func(ctx context.Context) error {
		return client.RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
	}); err != nil {
		return fmt.Errorf("kube-apiserver: %w", err)
	}
	return nil
}

// Asks until the answer is nil; returns the last one when the context ends before.
func poll(ctx context.Context, condition func(context.Context) error) error {
	var last error
	err := wait.PollUntilContextCancel(ctx, 50*time.Millisecond, true, func(ctx context.Context) (bool, error) {
		last = condition(ctx)
		return last == nil, nil
	})
	if err != nil && last != nil {
		return last
	}
	return err
}
