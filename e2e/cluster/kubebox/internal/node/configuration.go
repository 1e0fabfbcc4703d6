package node

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"text/template"
)

const (
	kubeadmConfig   = "/etc/kubernetes/kubeadm.yaml"
	kubeletConfig   = "/etc/kubernetes/kubelet.yaml"
	kubeProxyConfig = "/etc/kubernetes/kube-proxy.yaml"
	corefile        = "/etc/kubernetes/Corefile"
	objects         = "/etc/kubernetes/objects.yaml"
)

var (
	//go:embed config
	sources embed.FS

	templates = template.Must(template.New("").Option("missingkey=error").ParseFS(sources, "config/*"))
	// What is in the folder config, and where the programs look for it.
	files = map[string]string{
		"containerd.toml": "/etc/containerd/config.toml",
		"cni.conflist":    "/etc/cni/net.d/10-pods.conflist",
		"kubeadm.yaml":    kubeadmConfig,
		"kubelet.yaml":    kubeletConfig,
		"kube-proxy.yaml": kubeProxyConfig,
		"Corefile":        corefile,
		"objects.yaml":    objects,
	}
)

// What the components' configurations have in common.
type configuration struct {
	Name              string
	Address           string
	ExtraNames        []string
	KubernetesVersion string
	ServiceSubnet     string
	DNSAddress        string
	PodSubnet         string
	ContainerRuntime  string
	SandboxImage      string
}

func (c configuration) write() error {
	for name, path := range files {
		if err := c.writeFile(name, path); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

func (c configuration) writeFile(name, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := templates.ExecuteTemplate(file, name, c); err != nil {
		return err
	}
	return file.Close()
}

var etcd = []string{
	"--data-dir=/var/lib/etcd",
	"--unsafe-no-fsync",
	"--log-level=warn",
}

func kubeAPIServer(c configuration) []string {
	const pki = "/etc/kubernetes/pki/"
	return []string{
		"--etcd-servers=http://127.0.0.1:2379",
		"--secure-port=6443",
		"--advertise-address=" + c.Address,
		"--service-cluster-ip-range=" + c.ServiceSubnet,
		"--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction",
		"--allow-privileged=true",
		"--enable-aggregator-routing=true",
		"--profiling=false",
		"--tls-cert-file=" + pki + "apiserver.crt",
		"--tls-private-key-file=" + pki + "apiserver.key",
		"--client-ca-file=" + pki + "ca.crt",
		"--kubelet-client-certificate=" + pki + "apiserver-kubelet-client.crt",
		"--kubelet-client-key=" + pki + "apiserver-kubelet-client.key",
		"--kubelet-preferred-address-types=InternalIP",
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file=" + pki + "sa.pub",
		"--service-account-signing-key-file=" + pki + "sa.key",
		"--requestheader-client-ca-file=" + pki + "front-proxy-ca.crt",
		"--requestheader-allowed-names=front-proxy-client",
		"--requestheader-username-headers=X-Remote-User",
		"--requestheader-group-headers=X-Remote-Group",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--proxy-client-cert-file=" + pki + "front-proxy-client.crt",
		"--proxy-client-key-file=" + pki + "front-proxy-client.key",
	}
}

func kubeControllerManager(c configuration) []string {
	const (
		kubeconfig = "/etc/kubernetes/controller-manager.conf"
		pki        = "/etc/kubernetes/pki/"
	)
	return []string{
		"--kubeconfig=" + kubeconfig,
		"--authentication-kubeconfig=" + kubeconfig,
		"--authorization-kubeconfig=" + kubeconfig,
		"--bind-address=127.0.0.1",
		"--leader-elect=false",
		"--profiling=false",
		"--use-service-account-credentials=true",
		"--service-account-private-key-file=" + pki + "sa.key",
		"--root-ca-file=" + pki + "ca.crt",
		"--client-ca-file=" + pki + "ca.crt",
		"--cluster-signing-cert-file=" + pki + "ca.crt",
		"--cluster-signing-key-file=" + pki + "ca.key",
		"--requestheader-client-ca-file=" + pki + "front-proxy-ca.crt",
		"--service-cluster-ip-range=" + c.ServiceSubnet,
		"--cluster-cidr=" + c.PodSubnet,
	}
}

var kubeScheduler = []string{
	"--kubeconfig=/etc/kubernetes/scheduler.conf",
	"--authentication-kubeconfig=/etc/kubernetes/scheduler.conf",
	"--authorization-kubeconfig=/etc/kubernetes/scheduler.conf",
	"--bind-address=127.0.0.1",
	"--leader-elect=false",
	"--profiling=false",
}

func kubelet(c configuration) []string {
	return []string{
		"--config=" + kubeletConfig,
		"--kubeconfig=/etc/kubernetes/kubelet.conf",
		"--hostname-override=" + c.Name,
		"--node-ip=" + c.Address,
	}
}

var kubeProxy = []string{"--config=" + kubeProxyConfig}

var coreDNS = []string{"-conf", corefile}
