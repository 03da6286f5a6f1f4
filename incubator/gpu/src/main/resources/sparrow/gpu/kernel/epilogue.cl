// Completes the sum of a linear layer before it is written: adds a bias, and then the previous value of y. The
// operations are selected by bits of an argument that is constant per launch, so that they need no additional kernels.
#define WITH_BIAS 1
#define WITH_Y 2

DEVICE float finish(int epilogue, float sum, GLOBAL const float *bias, GLOBAL const float *y) {
    if (epilogue & WITH_BIAS) sum += *bias;
    if (epilogue & WITH_Y) sum += *y;
    return sum;
}
