package sparrow.models;

import java.util.Optional;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceProvider;
import sparrow.engine.device.Placement;
import sparrow.engine.transformer.Transformer;
import sparrow.speech.vocode.FlowSettings;

/**
 * Where this run of the tests has the layers of models computed: by this machine's threads, or on the device that the system
 * property {@code sparrow.device} names.
 */
public final class TestedDevice {
    /** Takes layers there; empty for this machine's threads. */
    public static final Optional<Placement> PLACEMENT = Optional.ofNullable(System.getProperty("sparrow.device"))
            .map(id -> {
                DeviceProvider provider = DeviceProvider.find().orElseThrow();
                DeviceInfo device = provider.devices().stream()
                        .filter(known -> known.id().equals(id))
                        .findFirst()
                        .orElseThrow();
                return Placement.on(provider, device);
            });

    /** Opens models there, and nothing else beside their files. */
    public static final OpenOptions OPTIONS =
            new OpenOptions(Optional.empty(), Optional.empty(), FlowSettings.PUBLISHED, PLACEMENT);

    private TestedDevice() {}

    /** A transformer whose layers are computed there. */
    public static Transformer placed(Transformer transformer) {
        return PLACEMENT
                .flatMap(there -> there.place(transformer))
                .map(transformer::on)
                .orElse(transformer);
    }
}
