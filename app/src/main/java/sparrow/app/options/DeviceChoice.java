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

/** The choice of a device for the layers of a language model: {@code --device}. */
sealed interface DeviceChoice {
    /** On the first graphics card that the model fits on; else on this machine's threads. */
    record Auto() implements DeviceChoice {
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
            return LayerStack.CPU;
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
     * @param id of {@link DeviceInfo#id}
     */
    record Named(String id) implements DeviceChoice {
        /** As {@link #parse} reads it. */
        @Override
        public String toString() {
            return id;
        }
    }

    /** A device, and the provider that opens it. */
    record Found(DeviceProvider provider, DeviceInfo device) {
        /**
         * Takes a transformer there.
         *
         * @throws NoDeviceException in one line if it does not fit, or cannot run there
         * @throws IllegalStateException in one line if a driver fails
         */
        DeviceStack open(Transformer transformer) {
            return asked(() -> provider.open(device, transformer));
        }
    }

    /** Notation of {@link Auto}. */
    String AUTO = "auto";

    /** Notation of the first {@link Gpu}. */
    String GPU = "gpu";

    /**
     * Reads the notation of the command line: {@code auto}, {@code cpu}, {@code gpu}, {@code gpu:N} or the id of a device.
     *
     * @throws IllegalArgumentException in one line
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
     * The placement that takes a model to the device while the model is opened.
     *
     * @param provider empty where its module is not there
     * @param passedOver takes the reason in one line for which {@link Auto} passes over a card
     * @return empty for the threads of this machine
     * @throws NoDeviceException in one line if a device was asked for and is not there
     * @throws IllegalStateException in one line if a driver fails and a device was asked for
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
     * The device that is meant; of several that are as good, the first.
     *
     * @param provider empty where its module is not there
     * @return empty for the threads of this machine
     * @throws NoDeviceException in one line if it is not there
     * @throws IllegalStateException in one line if a driver fails
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
            // A driver with limits of its own may refuse the model's sizes with any exception.
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

    /** The graphics cards, one or more. */
    private static List<Found> gpus(DeviceProvider provider) {
        List<DeviceInfo> all = asked(provider::devices);
        List<Found> gpus = new ArrayList<>();
        for (DeviceInfo device : all) {
            if (device.kind() != Kind.GPU) continue;
            boolean known = gpus.stream().anyMatch(other -> isOfAnotherHost(other.device, device));
            if (!known) gpus.add(new Found(provider, device));
        }
        if (gpus.isEmpty()) throw new NoDeviceException(DeviceProvider.PREFIX + provider.noGpu(all));
        return gpus;
    }

    /** True if two are cards of one name that two hosts list: those of the first host are taken. */
    private static boolean isOfAnotherHost(DeviceInfo a, DeviceInfo b) {
        return a.name().equals(b.name()) && !hostOf(a).equals(hostOf(b));
    }

    private static String hostOf(DeviceInfo device) {
        return device.id().substring(0, device.id().indexOf(':') + 1);
    }

    private static Found named(DeviceProvider provider, String id) {
        List<DeviceInfo> all = asked(provider::devices);
        return all.stream()
                .filter(device -> device.id().equals(id))
                .findFirst()
                .map(device -> new Found(provider, device))
                .orElseThrow(() -> new NoDeviceException(DeviceProvider.PREFIX + "expected "
                        + all.stream().map(DeviceInfo::id).collect(Collectors.joining(", ")) + ", got " + id));
    }

    /** Puts the prefix of devices before the message of a provider's refusal. */
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
        return message.startsWith(DeviceProvider.PREFIX) ? message : DeviceProvider.PREFIX + message;
    }
}
