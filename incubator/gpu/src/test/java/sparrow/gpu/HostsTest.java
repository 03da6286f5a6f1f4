package sparrow.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceInfo.Kind;
import sparrow.engine.device.NoDeviceException;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.device.Host;

/** What is listed where several hosts, one or none have devices. */
class HostsTest {
    private static DeviceInfo card(String id) {
        return new DeviceInfo(id, "Card", "Cards Inc.", Kind.GPU, 1, 1, 1, "host", "1.0");
    }

    /** A host that tells which of its devices is asked for. */
    private static Supplier<Host> having(String... ids) {
        return () -> new Host() {
            @Override
            public List<DeviceInfo> devices() {
                return List.of(ids).stream().map(HostsTest::card).toList();
            }

            @Override
            public Device open(DeviceInfo info) {
                throw new DeviceException("opening " + info.id() + " of " + List.of(ids));
            }
        };
    }

    private static Supplier<Host> failing(RuntimeException failure) {
        return () -> {
            throw failure;
        };
    }

    private static Hosts load(Supplier<Host> cuda, Supplier<Host> openCl, String only) {
        SequencedMap<String, Supplier<Host>> known = new LinkedHashMap<>();
        known.put("cuda", cuda);
        known.put("opencl", openCl);
        return Hosts.load(known, only);
    }

    @Test
    void aCardThatBothKnowIsListedTwiceTheFasterHostFirst() {
        Hosts hosts = load(having("cuda:0"), having("opencl:0", "opencl:1"), null);

        assertThat(hosts.devices()).extracting(DeviceInfo::id).containsExactly("cuda:0", "opencl:0", "opencl:1");
        assertThatThrownBy(() -> hosts.open(card("opencl:1"))).hasMessage("opening opencl:1 of [opencl:0, opencl:1]");
        assertThatThrownBy(() -> hosts.open(card("cuda:0"))).hasMessage("opening cuda:0 of [cuda:0]");
        assertThatThrownBy(() -> hosts.open(card("cuda:1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected one of [cuda:0, opencl:0, opencl:1], got cuda:1");
    }

    @Test
    void withoutCudaNothingIsSaidOfIt() {
        NoDeviceException noCuda = new NoDeviceException("no CUDA");
        NoDeviceException noOpenCl = new NoDeviceException("no OpenCL");

        assertThat(load(failing(noCuda), having("opencl:0"), null).devices()).hasSize(1);
        assertThat(load(having("cuda:0"), failing(noOpenCl), null).devices()).hasSize(1);
        assertThatThrownBy(() -> load(failing(noCuda), failing(noOpenCl), null)).isSameAs(noOpenCl);
    }

    @Test
    void aDriverThatFailsHidesNoOtherAndIsToldWhereThereIsNone() {
        DeviceException failure = new DeviceException("CUDA: cuInit failed");

        assertThat(load(failing(failure), having("opencl:0"), null).devices()).hasSize(1);
        assertThatThrownBy(() -> load(failing(failure), failing(new NoDeviceException("no OpenCL")), null))
                .isSameAs(failure);
    }

    @Test
    void oneHostIsAllowedAndItsOwnReasonTold() {
        NoDeviceException noCuda = new NoDeviceException("no CUDA");

        assertThat(load(having("cuda:0"), having("opencl:0"), "opencl").devices())
                .extracting(DeviceInfo::id)
                .containsExactly("opencl:0");
        assertThatThrownBy(() -> load(failing(noCuda), having("opencl:0"), "cuda"))
                .isSameAs(noCuda);
        assertThatThrownBy(() -> load(having("cuda:0"), having("opencl:0"), "vulkan"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sparrow.gpu.host: expected cuda or opencl, got vulkan");
    }
}
