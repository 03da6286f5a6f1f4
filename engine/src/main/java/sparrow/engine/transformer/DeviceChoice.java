package sparrow.engine.transformer;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import sparrow.engine.transformer.DeviceFacts.Kind;

/** Where somebody wants a model's layers to be computed. */
public sealed interface DeviceChoice {
    /** On the first graphics card that the model fits on; else on this machine's threads. */
    record Auto() implements DeviceChoice {}

    /** On this machine's threads. */
    record Cpu() implements DeviceChoice {}

    /**
     * On a graphics card.
     *
     * @param index among the graphics cards, from 0
     */
    record Gpu(int index) implements DeviceChoice {}

    /**
     * On a device of any kind.
     *
     * @param id of {@link DeviceFacts#id}
     */
    record Named(String id) implements DeviceChoice {}

    /** A device, and who opens it. */
    record Found(DeviceProvider provider, DeviceFacts device) {
        /**
         * Takes a transformer there.
         *
         * @throws NoDeviceException in one line if it does not fit
         */
        public LayerStack open(Transformer transformer) {
            refusal(transformer).ifPresent(line -> {
                throw new NoDeviceException(PREFIX + line);
            });
            return provider.open(device, transformer);
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

    /**
     * What is taken if nobody asks for anything else: that of the system property {@code sparrow.device}, or {@code auto}.
     *
     * @throws IllegalArgumentException in one line if the property says nothing of the kind
     */
    static DeviceChoice preferred() {
        return parse(System.getProperty(PROPERTY, "auto"));
    }

    /**
     * Reads the notation of the command line: {@code auto}, {@code cpu}, {@code gpu}, {@code gpu:N} or the id of a device.
     *
     * @throws IllegalArgumentException in one line
     */
    static DeviceChoice parse(String text) {
        return switch (text) {
            case "auto" -> new Auto();
            case "cpu" -> new Cpu();
            case "gpu" -> new Gpu(0);
            case String other when other.matches("gpu:[0-9]{1,3}") -> new Gpu(Integer.parseInt(other.substring(4)));
            case String other when other.matches("[a-z]+:[0-9]{1,3}") -> new Named(other);
            default ->
                throw new IllegalArgumentException(
                        "device: expected auto, cpu, gpu, gpu:N or an id such as opencl:0, got " + text);
        };
    }

    /**
     * The device that is meant.
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
            case Auto() -> automatic(provider);
            case Gpu(int index) -> Optional.of(gpu(required(provider), index));
            case Named(String id) -> Optional.of(named(required(provider), id));
        };
    }

    private static Optional<Found> automatic(Optional<DeviceProvider> provider) {
        if (provider.isEmpty()) return Optional.empty();
        try {
            return provider.get().devices().stream()
                    .filter(device -> device.kind() == Kind.GPU)
                    .findFirst()
                    .map(device -> new Found(provider.get(), device));
        } catch (NoDeviceException | IllegalStateException e) {
            // Nobody asked for a device, so nobody misses one.
            return Optional.empty();
        }
    }

    private static DeviceProvider required(Optional<DeviceProvider> provider) {
        return provider.orElseThrow(() -> new NoDeviceException(PREFIX + "this build has no module gpu"));
    }

    private static Found gpu(DeviceProvider provider, int index) {
        List<DeviceFacts> all = devices(provider);
        List<DeviceFacts> gpus =
                all.stream().filter(device -> device.kind() == Kind.GPU).toList();
        if (gpus.isEmpty()) throw new NoDeviceException(PREFIX + provider.noGpu(all));
        if (index >= gpus.size()) {
            throw new NoDeviceException(PREFIX + "expected gpu:0 to gpu:" + (gpus.size() - 1) + ", got gpu:" + index);
        }
        return new Found(provider, gpus.get(index));
    }

    private static Found named(DeviceProvider provider, String id) {
        List<DeviceFacts> all = devices(provider);
        return all.stream()
                .filter(device -> device.id().equals(id))
                .findFirst()
                .map(device -> new Found(provider, device))
                .orElseThrow(() -> new NoDeviceException(PREFIX + "expected "
                        + all.stream().map(DeviceFacts::id).collect(Collectors.joining(", ")) + ", got " + id));
    }

    private static List<DeviceFacts> devices(DeviceProvider provider) {
        try {
            return provider.devices();
        } catch (NoDeviceException e) {
            throw new NoDeviceException(PREFIX + e.getMessage());
        } catch (IllegalStateException e) {
            throw new IllegalStateException(PREFIX + e.getMessage(), e);
        }
    }
}
