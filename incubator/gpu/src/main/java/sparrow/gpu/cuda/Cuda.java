package sparrow.gpu.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.NoDeviceException;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Host;
import sparrow.gpu.driver.DriverDevice;
import sparrow.gpu.driver.SharedLibrary;

/** The CUDA installation of this machine: the cards that the driver lists and the compiler supports. */
public final class Cuda implements Host {
    /** The file that contains the driver version on Linux; the driver has no function that returns it. */
    private static final Path DRIVER_VERSION = Path.of("/sys/module/nvidia/version");

    private final CudaCalls calls;
    private final List<Card> cards;

    private Cuda(CudaCalls calls, List<Card> cards) {
        this.calls = calls;
        this.cards = cards;
    }

    /**
     * Loads the driver and the compiler, and lists the cards.
     *
     * @throws NoDeviceException if the driver, the compiler or a card that both support is missing; the message is one
     *     line
     * @throws IllegalStateException if the driver fails, or java was started without native access; the message is one
     *     line
     */
    public static Cuda load() {
        SharedLibrary driver = CudaLibraries.driver()
                .orElseThrow(() -> new NoDeviceException("no CUDA driver ("
                        + CudaLibraries.driver(System.getProperty("os.name"))
                        + "). It comes with NVIDIA's driver for the card"));
        return load(driver, CudaLibraries::compiler, DRIVER_VERSION);
    }

    /**
     * Loads the given driver, and the compiler for its version of CUDA.
     *
     * @param compilers function that returns the compiler for a major version of CUDA
     */
    static Cuda load(SharedLibrary driver, IntFunction<Optional<SharedLibrary>> compilers, Path driverVersion) {
        Answers answers = new Answers(driver);
        CudaQueries queries = new CudaQueries(driver, answers);
        int devices = queries.start() ? queries.devices() : 0;
        if (devices == 0) throw new NoDeviceException("CUDA is installed, but lists no card");
        int major = queries.version() / 1000;
        String version = major + "." + queries.version() % 1000 / 10;
        Nvrtc compiler = new Nvrtc(compilers.apply(major).orElseThrow(() -> noCompiler(version)));
        List<Integer> known = compiler.architectures();
        List<Card> cards = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (int i = 0; i < devices; i++) {
            int device = queries.device(i);
            Optional<Architecture> architecture = Architecture.of(Card.capability(queries, device), known);
            if (architecture.isEmpty()) {
                others.add(queries.name(device));
                continue;
            }
            cards.add(Card.of(queries, i, architecture.get(), "CUDA " + version, version(driverVersion)));
        }
        if (cards.isEmpty()) {
            throw new NoDeviceException("CUDA " + version + " is there, but too old for its compiler or the kernels: "
                    + String.join(", ", others));
        }
        return new Cuda(
                new CudaCalls(
                        new CudaObjects(driver, answers),
                        new CudaCommands(driver, answers),
                        new CudaGraphs(driver, answers),
                        compiler),
                cards);
    }

    private static NoDeviceException noCompiler(String version) {
        return new NoDeviceException("CUDA " + version + " is there, but not its compiler ("
                + CudaLibraries.compilers(System.getProperty("os.name"), Integer.parseInt(version.split("\\.", 2)[0]))
                        .stream()
                        .findFirst()
                        .orElse("NVRTC")
                + " or an older one). NVIDIA's package is cuda-nvrtc-" + version.replace('.', '-'));
    }

    private static String version(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException _) {
            return "unknown";
        }
    }

    @Override
    public List<DeviceInfo> devices() {
        return cards.stream().map(Card::info).toList();
    }

    @Override
    public Device open(DeviceInfo info) {
        Card card = cards.stream()
                .filter(other -> other.info().equals(info))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected " + devices().stream().map(DeviceInfo::id).collect(Collectors.joining(", "))
                                + ", got " + info.id()));
        return new DriverDevice(card.traits(), new CudaDriver(card, calls));
    }
}
