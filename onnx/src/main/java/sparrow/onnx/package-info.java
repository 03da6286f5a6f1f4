/**
 * Networks that are published as ONNX files. {@link OnnxModel} runs one: tensors by name go in, tensors by name come
 * out. {@link OnnxVoiceMaker} makes voices of recordings with the networks of Step-Audio-2's Token2wav and is found as
 * a service. The module is optional, because ONNX Runtime is a native library. It knows no model families and no data
 * sets.
 */
package sparrow.onnx;
