package sparrow.engine.transformer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import sparrow.engine.kernel.LinearOffload;
import sparrow.engine.transformer.DeviceFacts.Kind;

/** Where somebody wants a model's layers to be computed. */
public sealed interface DeviceChoice {
    /**
     * On the first graphics card that the model fits on; else on this machine's threads.
     *
     * @param passedOver is told in one line why a card, or all of them, is not taken
     */
    record Auto(Consumer<String> passedOver) implements DeviceChoice {
        private static final Consumer<String> NOBODY = line -> {};

        /** Nobody is told. */
        public Auto() {
            this(NOBODY);
        }

        /** As {@link #parse} reads it. */
        @Override
        public String toString() {
            return AUTO;
        }
    }

    /** On this machine's threads. */
    record Cpu() implements DeviceChoice {
        /** As {@link #parse} reads it. */
        @Override
        public String toString() {
            return CPU;
        }
    }

    /**
     * On a graphics card.
     *
     * @param index among the graphics cards, from 0
     */
    record Gpu(int index) implements DeviceChoice {
        /** As {@link #parse} reads it. */
        @Override
        public String toString() {
            return index == 0 ? GPU : GPU + ":" + index;
        }
    }

    /**
     * On a device of any kind.
     *
     * @param id of {@link DeviceFacts#id}
     */
    record Named(String id) implements DeviceChoice {
        /** As {@link #parse} reads it. */
        @Override
        public String toString() {
            return id;
        }
    }

    /** A device, and who opens it. */
    record Found(DeviceProvider provider, DeviceFacts device) {
        /**
         * Takes a transformer there.
         *
         * @throws NoDeviceException in one line if it does not fit, or cannot run there
         * @throws IllegalStateException in one line if a driver fails
         */
        public LayerStack open(Transformer transformer) {
            refusal(transformer).ifPresent(line -> {
                throw new NoDeviceException(PREFIX + line);
            });
            return asked(() -> provider.open(device, transformer));
        }

        /**
         * Opens it once more, for linear layers of other networks: {@link DeviceProvider#offload}.
         *
         * @throws NoDeviceException in one line if they cannot run there
         * @throws IllegalStateException in one line if a driver fails
         */
        public Optional<LinearOffload> offload(long room) {
            return asked(() -> provider.offload(device, room));
        }

        /**
         * Opens the device to measure it.
         *
         * @param bytes of memory to measure over, at most
         * @return empty if its provider measures nothing
         * @throws IllegalStateException in one line if a driver fails
         */
        public Optional<DeviceMeter> meter(long bytes) {
            return asked(() -> provider.meter(device, bytes));
        }

        /** Why a transformer does not fit there; empty if it does. */
        public Optional<String> refusal(Transformer transformer) {
            return DeviceNeed.of(transformer).refusal(device);
        }
    }

    /** What every message begins with. */
    String PREFIX = "gpu: ";

    /** The system property that says where layers are computed if nobody asks for anything else. */
    String PROPERTY = "sparrow.device";

    /** Notation of {@link Auto}. */
    String AUTO = "auto";

    /** Notation of {@link Cpu}, and what reports say of layers that this machine's threads compute. */
    String CPU = "cpu";

    /** Notation of the first {@link Gpu}. */
    String GPU = "gpu";

    /**
     * What is taken if nobody asks for anything else: that of the system property {@code sparrow.device}, or {@code cpu}.
     *
     * @throws IllegalArgumentException in one line if the property says nothing of the kind
     */
    static DeviceChoice preferred() {
        try {
            return parse(System.getProperty(PROPERTY, CPU));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("-D" + PROPERTY + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads the notation of the command line: {@code auto}, {@code cpu}, {@code gpu}, {@code gpu:N} or the id of a device.
     *
     * @throws IllegalArgumentException in one line
     */
    static DeviceChoice parse(String text) {
        return switch (text) {
            case AUTO -> new Auto();
            case CPU -> new Cpu();
            case GPU -> new Gpu(0);
            case String other when other.matches("gpu:[0-9]{1,3}") -> new Gpu(Integer.parseInt(other.substring(4)));
            case String other when other.matches("[a-z]+:[0-9]{1,3}") -> new Named(other);
            default ->
                throw new IllegalArgumentException(
                        "expected auto, cpu, gpu, gpu:N or an id such as opencl:0, got " + text);
        };
    }

    /**
     * The device that is meant; of several that are as good, the first.
     *
     * @return empty for the threads of this machine
     * @throws NoDeviceException in one line if a device was asked for and is not there
     * @throws IllegalStateException in one line if a driver fails and a device was asked for
     */
    default Optional<Found> find() {
        return find(this instanceof Cpu ? Optional.empty() : DeviceProvider.find());
    }

    /**
     * As {@link #find()}.
     *
     * @param provider empty where its module is not there
     */
    default Optional<Found> find(Optional<DeviceProvider> provider) {
        return switch (this) {
            case Cpu() -> Optional.empty();
            case Auto auto -> tried(auto, () -> gpu(required(provider), 0));
            case Gpu(int index) -> Optional.of(gpu(required(provider), index));
            case Named(String id) -> Optional.of(named(required(provider), id));
        };
    }

    /**
     * Takes a transformer to a device.
     *
     * @param found by {@link #find}
     * @return empty where nobody asked for a device, and none takes it
     * @throws NoDeviceException in one line if a device was asked for, and it does not fit there or cannot run there
     * @throws IllegalStateException in one line if a driver fails and a device was asked for
     */
    default Optional<LayerStack> open(Found found, Transformer transformer) {
        if (!(this instanceof Auto auto)) return Optional.of(found.open(transformer));
        return tried(auto, () -> gpus(found.provider())).orElse(List.of()).stream()
                .flatMap(gpu -> tried(auto, () -> gpu.open(transformer)).stream())
                .findFirst();
    }

    /** Nobody asked for a device, so nobody misses one. */
    private static <T> Optional<T> tried(Auto auto, Supplier<T> device) {
        try {
            return Optional.of(device.get());
        } catch (RuntimeException e) {
            // Also what a driver with limits of its own makes of sizes that the model has.
            auto.passedOver().accept(prefixed(String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    private static DeviceProvider required(Optional<DeviceProvider> provider) {
        return provider.orElseThrow(() -> new NoDeviceException(PREFIX + "this build has no module gpu"));
    }

    private static Found gpu(DeviceProvider provider, int index) {
        List<Found> gpus = gpus(provider);
        if (index < gpus.size()) return gpus.get(index);
        String last = gpus.size() == 1 ? "" : " to gpu:" + (gpus.size() - 1);
        throw new NoDeviceException(PREFIX + "expected gpu:0" + last + ", got gpu:" + index);
    }

    /** One or more. */
    private static List<Found> gpus(DeviceProvider provider) {
        List<DeviceFacts> all = asked(provider::devices);
        List<Found> gpus = new ArrayList<>();
        for (DeviceFacts device : all) {
            if (device.kind() != Kind.GPU) continue;
            boolean known = gpus.stream().anyMatch(other -> isOfAnotherHost(other.device, device));
            if (!known) gpus.add(new Found(provider, device));
        }
        if (gpus.isEmpty()) throw new NoDeviceException(PREFIX + provider.noGpu(all));
        return gpus;
    }

    /** Whether two are cards of one name that two hosts list: those of the first host are taken. */
    private static boolean isOfAnotherHost(DeviceFacts a, DeviceFacts b) {
        return a.name().equals(b.name()) && !hostOf(a).equals(hostOf(b));
    }

    private static String hostOf(DeviceFacts device) {
        return device.id().substring(0, device.id().indexOf(':') + 1);
    }

    private static Found named(DeviceProvider provider, String id) {
        List<DeviceFacts> all = asked(provider::devices);
        return all.stream()
                .filter(device -> device.id().equals(id))
                .findFirst()
                .map(device -> new Found(provider, device))
                .orElseThrow(() -> new NoDeviceException(PREFIX + "expected "
                        + all.stream().map(DeviceFacts::id).collect(Collectors.joining(", ")) + ", got " + id));
    }

    /** What a provider answers; what it refuses says at its beginning what it is about. */
    private static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (NoDeviceException e) {
            throw new NoDeviceException(prefixed(e.getMessage()));
        } catch (LostDeviceException e) {
            throw e;
        } catch (IllegalStateException e) {
            throw new IllegalStateException(prefixed(e.getMessage()), e);
        }
    }

    private static String prefixed(String message) {
        return message.startsWith(PREFIX) ? message : PREFIX + message;
    }
}
