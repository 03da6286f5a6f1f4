package sparrow.models.weights;

import java.util.Optional;
import java.util.function.Consumer;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.LinearOffload;
import sparrow.engine.kernel.OffloadTrial;
import sparrow.engine.transformer.DeviceChoice;
import sparrow.engine.transformer.DeviceNeed;
import sparrow.engine.transformer.NoDeviceException;

/**
 * The device of a language model, as far as the networks of sound can use it beside.
 *
 * @param found the device
 * @param need of the language model
 * @param passedOver is told in one line why it is not used
 */
record SpeechDevice(DeviceChoice.Found found, DeviceNeed need, Consumer<String> passedOver) {
    /**
     * Kernels that compute large linear layers there, if that takes less time; else those of this machine.
     *
     * @param owner closes what is opened
     */
    Kernels kernels(Kernels here, Resources owner) {
        // Half of what is left; the rest is for the context of further conversations.
        long room = (found.device().memoryBytes() - need.bytes()) / 2;
        try {
            Optional<LinearOffload> there = found.offload(room);
            if (there.isEmpty()) return here(here, "has no room for networks of sound, or is the processor itself");
            if (pays(here, there.get())) {
                return Kernels.offloading(here, owner.own(there.get()), OffloadTrial.LEAST_WORK);
            }
            there.get().close();
            return here(here, "is not fast enough for networks of sound to be sent there");
        } catch (NoDeviceException | IllegalStateException e) {
            passedOver.accept(e.getMessage());
            return here;
        }
    }

    private Kernels here(Kernels here, String why) {
        passedOver.accept(DeviceChoice.PREFIX + found.device().name() + " " + why);
        return here;
    }

    private static boolean pays(Kernels here, LinearOffload there) {
        try {
            return OffloadTrial.pays(here, there);
        } catch (RuntimeException e) {
            there.close();
            throw e;
        }
    }
}
