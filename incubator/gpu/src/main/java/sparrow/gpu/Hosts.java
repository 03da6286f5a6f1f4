package sparrow.gpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.NoDeviceException;
import sparrow.gpu.cuda.Cuda;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.device.Host;
import sparrow.gpu.opencl.OpenCl;

/** The available hosts, in order of preference. The system property {@value #ONLY} restricts the list to one host. */
final class Hosts implements Host {
    static final String ONLY = "sparrow.gpu.host";

    private static final System.Logger LOG = System.getLogger("sparrow.gpu");

    private final List<Host> hosts;

    private Hosts(List<Host> hosts) {
        this.hosts = hosts;
    }

    /**
     * Loads the available hosts.
     *
     * @throws NoDeviceException if no host has a device; the one-line message describes the last host
     * @throws IllegalStateException if a driver fails and no other host has a device; the message is one line
     * @throws IllegalArgumentException if the system property is not the name of a host
     */
    static Hosts load() {
        SequencedMap<String, Supplier<Host>> known = new LinkedHashMap<>();
        known.put("cuda", Cuda::load);
        known.put("opencl", OpenCl::load);
        return load(known, System.getProperty(ONLY));
    }

    /**
     * Loads the allowed hosts that are available.
     *
     * @param known hosts by name
     * @param only name of the allowed host, or null to allow all
     */
    static Hosts load(SequencedMap<String, Supplier<Host>> known, String only) {
        if (only == null) return new Hosts(loadAll(known));
        if (known.containsKey(only)) return new Hosts(List.of(known.get(only).get()));
        throw new IllegalArgumentException(
                ONLY + ": expected " + String.join(" or ", known.keySet()) + ", got " + only);
    }

    /** Loads all hosts. A host with a failing driver must not hide the devices of another host. */
    private static List<Host> loadAll(SequencedMap<String, Supplier<Host>> known) {
        List<Host> found = new ArrayList<>();
        List<DeviceException> failed = new ArrayList<>();
        NoDeviceException nothing = null;
        for (Supplier<Host> host : known.values()) {
            try {
                found.add(host.get());
            } catch (NoDeviceException e) {
                nothing = e;
            } catch (DeviceException e) {
                failed.add(e);
            }
        }
        if (found.isEmpty() && !failed.isEmpty()) throw failed.getFirst();
        if (found.isEmpty()) throw nothing;
        for (DeviceException failure : failed) LOG.log(System.Logger.Level.DEBUG, "gpu: " + failure.getMessage());
        return found;
    }

    @Override
    public List<DeviceInfo> devices() {
        return hosts.stream().flatMap(host -> host.devices().stream()).toList();
    }

    @Override
    public Device open(DeviceInfo info) {
        return hosts.stream()
                .filter(host -> host.devices().contains(info))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected one of "
                        + devices().stream().map(DeviceInfo::id).toList() + ", got " + info.id()))
                .open(info);
    }
}
