// What a linear layer does with a sum before it is written: adds a bias, then what is there. Bits of one number that is the
// same for a whole launch, so that there are no more kernels for it.
#define WITH_BIAS 1
#define WITH_Y 2

DEVICE float finish(int epilogue, float sum, GLOBAL const float *bias, GLOBAL const float *y) {
    if (epilogue & WITH_BIAS) sum += *bias;
    if (epilogue & WITH_Y) sum += *y;
    return sum;
}
