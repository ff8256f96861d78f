/* Behind the sign-in the form that was kept opens by itself; without scripts its button is pressed. */
document.getElementById('again').submit();
