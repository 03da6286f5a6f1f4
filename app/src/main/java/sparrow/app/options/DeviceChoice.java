package sparrow.app.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceInfo.Kind;
import sparrow.engine.device.DeviceProvider;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.device.LostDeviceException;
import sparrow.engine.device.NoDeviceException;
import sparrow.engine.device.Placement;
import sparrow.engine.transformer.LayerStack;
import sparrow.engine.transformer.Transformer;

/** The choice of the device that computes a language model's layers ({@code --device}). */
sealed interface DeviceChoice {
    /** The first graphics card with enough memory for the model, or the CPU if there is none. */
    record Auto() implements DeviceChoice {
        /** Returns the notation that {@link #parse} reads. */
        @Override
        public String toString() {
            return AUTO;
        }
    }

    /** The CPU. */
    record Cpu() implements DeviceChoice {
        /** Returns the notation that {@link #parse} reads. */
        @Override
        public String toString() {
            return LayerStack.CPU;
        }
    }

    /**
     * A graphics card.
     *
     * @param index index of the graphics card, from 0
     */
    record Gpu(int index) implements DeviceChoice {
        /** Returns the notation that {@link #parse} reads. */
        @Override
        public String toString() {
            return index == 0 ? GPU : GPU + ":" + index;
        }
    }

    /**
     * A device of any kind.
     *
     * @param id the device's {@link DeviceInfo#id}
     */
    record Named(String id) implements DeviceChoice {
        /** Returns the notation that {@link #parse} reads. */
        @Override
        public String toString() {
            return id;
        }
    }

    /** A device and the provider that opens it. */
    record Found(DeviceProvider provider, DeviceInfo device) {
        /**
         * Copies a transformer's layers to the device.
         *
         * @throws NoDeviceException if the layers do not fit or cannot run on the device
         * @throws IllegalStateException if a driver fails; the message is one line
         */
        DeviceStack open(Transformer transformer) {
            return withPrefix(() -> provider.open(device, transformer));
        }
    }

    /** Notation for {@link Auto}. */
    String AUTO = "auto";

    /** Notation for the first {@link Gpu}. */
    String GPU = "gpu";

    /**
     * Parses the command-line notation: {@code auto}, {@code cpu}, {@code gpu}, {@code gpu:N} or a device id.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    static DeviceChoice parse(String text) {
        return switch (text) {
            case AUTO -> new Auto();
            case LayerStack.CPU -> new Cpu();
            case GPU -> new Gpu(0);
            case String other when other.matches("gpu:[0-9]{1,3}") -> new Gpu(Integer.parseInt(other.substring(4)));
            case String other when other.matches("[a-z]+:[0-9]{1,3}") -> new Named(other);
            default ->
                throw new IllegalArgumentException(
                        "expected auto, cpu, gpu, gpu:N or an id such as opencl:0, got " + text);
        };
    }

    /**
     * Returns the placement that copies a model's layers to the device when the model is opened.
     *
     * @param provider the provider, or empty if its module is missing
     * @param passedOver a consumer of a one-line reason for each card that {@link Auto} skips
     * @return the placement, or empty for the CPU
     * @throws NoDeviceException if a device was requested and does not exist
     * @throws IllegalStateException if a driver fails and a device was requested
     */
    default Optional<Placement> placement(Optional<DeviceProvider> provider, Consumer<String> passedOver) {
        return switch (this) {
            case Cpu() -> Optional.empty();
            case Auto() -> Optional.of(transformer -> firstThatFits(provider, transformer, passedOver));
            case Gpu _, Named _ -> {
                Found found = find(provider).orElseThrow();
                yield Optional.of(transformer -> Optional.of(found.open(transformer)));
            }
        };
    }

    /**
     * Returns the chosen device, or the first matching device if several match.
     *
     * @param provider the provider, or empty if its module is missing
     * @return the device, or empty for the CPU
     * @throws NoDeviceException if the device does not exist
     * @throws IllegalStateException if a driver fails; the message is one line
     */
    default Optional<Found> find(Optional<DeviceProvider> provider) {
        return switch (this) {
            case Cpu() -> Optional.empty();
            case Auto() -> Optional.of(gpu(required(provider), 0));
            case Gpu(int index) -> Optional.of(gpu(required(provider), index));
            case Named(String id) -> Optional.of(named(required(provider), id));
        };
    }

    private static Optional<DeviceStack> firstThatFits(
            Optional<DeviceProvider> provider, Transformer transformer, Consumer<String> passedOver) {
        return attempt(() -> gpus(required(provider)), passedOver).orElse(List.of()).stream()
                .flatMap(gpu -> attempt(() -> gpu.open(transformer), passedOver).stream())
                .findFirst();
    }

    private static <T> Optional<T> attempt(Supplier<T> device, Consumer<String> passedOver) {
        try {
            return Optional.of(device.get());
        } catch (RuntimeException e) {
            // A driver may reject the model's sizes with any exception.
            passedOver.accept(prefixed(String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    private static DeviceProvider required(Optional<DeviceProvider> provider) {
        return provider.orElseThrow(
                () -> new NoDeviceException(DeviceProvider.PREFIX + "this build has no module gpu"));
    }

    private static Found gpu(DeviceProvider provider, int index) {
        List<Found> gpus = gpus(provider);
        if (index < gpus.size()) return gpus.get(index);
        String last = gpus.size() == 1 ? "" : " to gpu:" + (gpus.size() - 1);
        throw new NoDeviceException(DeviceProvider.PREFIX + "expected gpu:0" + last + ", got gpu:" + index);
    }

    /**
     * Returns all graphics cards.
     *
     * @throws NoDeviceException if there are no graphics cards
     */
    private static List<Found> gpus(DeviceProvider provider) {
        List<DeviceInfo> all = withPrefix(provider::devices);
        List<Found> gpus = new ArrayList<>();
        for (DeviceInfo device : all) {
            if (device.kind() != Kind.GPU) continue;
            boolean known = gpus.stream().anyMatch(other -> isOfAnotherHost(other.device, device));
            if (!known) gpus.add(new Found(provider, device));
        }
        if (gpus.isEmpty()) throw new NoDeviceException(DeviceProvider.PREFIX + provider.noGpu(all));
        return gpus;
    }

    /**
     * Returns whether two devices have the same name but different hosts. Only the devices of the first host are used.
     */
    private static boolean isOfAnotherHost(DeviceInfo a, DeviceInfo b) {
        return a.name().equals(b.name()) && !hostOf(a).equals(hostOf(b));
    }

    private static String hostOf(DeviceInfo device) {
        return device.id().substring(0, device.id().indexOf(':') + 1);
    }

    private static Found named(DeviceProvider provider, String id) {
        List<DeviceInfo> all = withPrefix(provider::devices);
        return all.stream()
                .filter(device -> device.id().equals(id))
                .findFirst()
                .map(device -> new Found(provider, device))
                .orElseThrow(() -> new NoDeviceException(DeviceProvider.PREFIX + "expected "
                        + all.stream().map(DeviceInfo::id).collect(Collectors.joining(", ")) + ", got " + id));
    }

    /** Calls a provider, and adds the device prefix to the message of any exception. */
    private static <T> T withPrefix(Supplier<T> call) {
        try {
            return call.get();
        } catch (NoDeviceException e) {
            throw new NoDeviceException(prefixed(e.getMessage()));
        } catch (LostDeviceException e) {
            throw e;
        } catch (IllegalStateException e) {
            throw new IllegalStateException(prefixed(e.getMessage()), e);
        }
    }

    private static String prefixed(String message) {
        return message.startsWith(DeviceProvider.PREFIX) ? message : DeviceProvider.PREFIX + message;
    }
}
