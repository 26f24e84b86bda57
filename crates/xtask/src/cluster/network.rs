//! Where the nodes of the cluster are: on this machine's loopback interface, or each in a network of its own behind a
//! switch, so that its cable can be pulled. The commands are written into the plan; nothing is done here.

/// Where the nodes are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// All on 127.0.0.1.
    Loopback,
    /// Each in a network namespace, joined by a bridge. Only root may make them.
    Namespaces,
}

/// A command as the plan has it.
pub type Words = Vec<String>;

/// The address of the machine that all nodes share: etcd and the proxies.
pub fn hub(network: Network) -> String {
    match network {
        Network::Loopback => "127.0.0.1".to_owned(),
        Network::Namespaces => format!("{}.1", subnet()),
    }
}

/// The address of a node, counted from 1.
pub fn address(network: Network, node: usize) -> String {
    match network {
        Network::Loopback => "127.0.0.1".to_owned(),
        Network::Namespaces => format!("{}.{}", subnet(), 10 + node),
    }
}

/// 198.18.0.0/15 is for tests of networks (RFC 2544), so nothing real has it.
fn subnet() -> String {
    format!("198.18.{}", std::process::id() % 250)
}

/// What makes the networks of so many nodes, in order.
pub fn make(network: Network, nodes: usize) -> Vec<Words> {
    if network == Network::Loopback {
        return Vec::new();
    }
    let bridge = bridge();
    let mut commands = vec![
        words(&format!("ip link add {bridge} type bridge")),
        words(&format!("ip address add {}/24 dev {bridge}", hub(network))),
        words(&format!("ip link set {bridge} up")),
    ];
    for node in 1..=nodes {
        let (space, plug, address) = (namespace(node), plug(node), address(network, node));
        let inside = format!("ip -netns {space}");
        commands.extend([
            words(&format!("ip netns add {space}")),
            words(&format!("ip link add {plug} type veth peer name eth0 netns {space}")),
            words(&format!("{inside} address add {address}/24 dev eth0")),
            words(&format!("{inside} link set eth0 up")),
            words(&format!("{inside} link set lo up")),
            words(&format!("ip link set {plug} master {bridge} up")),
        ]);
    }
    commands
}

/// What removes them, in order.
pub fn remove(network: Network, nodes: usize) -> Vec<Words> {
    if network == Network::Loopback {
        return Vec::new();
    }
    let spaces = (1..=nodes).map(|node| words(&format!("ip netns delete {}", namespace(node))));
    spaces.chain([words(&format!("ip link delete {}", bridge()))]).collect()
}

/// What stands in front of a command that runs in a node's network.
pub fn inside(network: Network, node: usize) -> Words {
    match network {
        Network::Loopback => Vec::new(),
        Network::Namespaces => words(&format!("ip netns exec {}", namespace(node))),
    }
}

/// What takes a node off the network: it is pulled out of the switch, so that packets vanish and nobody is told.
pub fn cut(network: Network, node: usize) -> Words {
    match network {
        Network::Loopback => Vec::new(),
        Network::Namespaces => words(&format!("ip link set {} nomaster", plug(node))),
    }
}

/// What brings it back.
pub fn heal(network: Network, node: usize) -> Words {
    match network {
        Network::Loopback => Vec::new(),
        Network::Namespaces => words(&format!("ip link set {} master {}", plug(node), bridge())),
    }
}

/// Names of interfaces have at most 15 characters.
fn bridge() -> String {
    format!("rc{}", std::process::id())
}

fn plug(node: usize) -> String {
    format!("rc{}n{node}", std::process::id())
}

fn namespace(node: usize) -> String {
    format!("rollcall-{}-{node}", std::process::id())
}

fn words(line: &str) -> Words {
    line.split(' ').map(str::to_owned).collect()
}
