package sparrow.gpu.stack;

import sparrow.engine.transformer.Layer;
import sparrow.gpu.kernel.DeviceRows;

/**
 * The weights of one layer on a device.
 *
 * @param attentionNorm [1, width]
 * @param queryKeyValue queries, keys and values side by side
 * @param attentionOutput joins the residual stream
 * @param ffnNorm [1, width]
 * @param gateUp gate and up side by side
 * @param down joins the residual stream
 */
record DeviceLayer(
        DeviceRows attentionNorm,
        DeviceLinear queryKeyValue,
        DeviceLinear attentionOutput,
        DeviceRows ffnNorm,
        DeviceLinear gateUp,
        DeviceLinear down) {
    /** Whether one of its products rounds its inputs. */
    boolean roundsInputs() {
        return queryKeyValue.roundsInputs()
                || attentionOutput.roundsInputs()
                || gateUp.roundsInputs()
                || down.roundsInputs();
    }

    static DeviceLayer of(DeviceWeights weights, Layer layer) {
        return new DeviceLayer(
                weights.row(layer.attentionNorm()),
                weights.linear(layer.query(), layer.key(), layer.value()),
                weights.linear(layer.attentionOutput()),
                weights.row(layer.ffnNorm()),
                weights.linear(layer.gate(), layer.up()),
                weights.linear(layer.down()));
    }
}
